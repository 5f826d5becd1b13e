"""How the platform's answers become columns: fast, and with little memory.

- :mod:`columns` and :mod:`packed`: the kinds of columns, filled page by page.
- :mod:`repeated`: what comes again and again as the same JSON, and is read once.
- :mod:`table`: a table in the making, out of columns.
- :mod:`layout`: which field of an answer lands in which column.
- :mod:`builder`: pages of chats in, tables out.
- :mod:`joining`: what the tables take over from each other, and what is kept of what came twice.
- :mod:`making`: each DataFrame, when it is first asked for.
"""
