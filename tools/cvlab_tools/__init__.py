"""What tools/setup, tools/assets, serve.py and tests/run are made of. Python 3.9, standard library only."""
