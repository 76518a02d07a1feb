"""What the line to the operator's terminal needs: environment, signals, clipboard, work-arounds."""
