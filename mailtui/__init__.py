"""mailtui: the help desk's terminal for enterprise mailbox accounts.

All code serves one of two flows:

    seeing   directory -> sync -> cache -> queries -> ui, cli
    doing    ui, cli -> plans -> runner -> apply: journal -> directory -> journal -> cache

Layers, top to bottom (a module imports only from below; siblings on one line never import each other):

    __main__ · cli · ui · runner · desk · sync | apply · plans | queries · demo ·
    directory | mailstore | cache | journal | history · credentials · config · domain · log · paths · errors · texts
"""

__version__ = "0.1.0"
