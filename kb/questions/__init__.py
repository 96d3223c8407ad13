"""What can be asked of the records: pages, tables, the graph and ways through it, the pre-procedure check, search, pooling.

Functions of records or of plain values. Nothing here knows files, snapshots or screens.
"""
