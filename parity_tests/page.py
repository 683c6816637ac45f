def write(path, rows, facts): pass
