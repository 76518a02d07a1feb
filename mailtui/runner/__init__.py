"""Batches carried out in processes of their own: the only way a front end writes.

What starts one hands it a job through a pipe and may go away; whoever wants to know what becomes of it looks into the
journal, which knows more than any process: what was committed there is what is true.
"""
