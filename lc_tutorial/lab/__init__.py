"""The request lab without its widget: requests to import, edit, send, keep and copy.

- :mod:`request`: a request before it is sent.
- :mod:`vault`: the values that it refers to by name, secrets above all.
- :mod:`learner`: where these come from: the forms, and what this kernel has seen.
- :mod:`importing`: what was pasted becomes a request. :mod:`unwrapping` finds the command or the
  address; :mod:`shell_words` (with :mod:`ansi_c`) and :mod:`curl` (with :mod:`curl_options`,
  :mod:`curl_data` and :mod:`json_comments`) read the one, :mod:`pasted_url` the other;
  :mod:`placeholders` and :mod:`schemes` know what samples mean.
- :mod:`prepare` and :mod:`recorded`: to what goes over the wire, and back.
- :mod:`hosts` and :mod:`addresses`: where a request may go, and where a sample's goes.
- :mod:`sending`: sends it, once.
- :mod:`hook`, :mod:`history` and :mod:`sent`: what this kernel sent.
- :mod:`tabled`: whether an answer can be tables.
- :mod:`as_curl` and :mod:`as_python` (which :mod:`python_layout` lays out): requests to copy.
- :mod:`collection` and :mod:`postman`: the requests of the course, and their export.
"""
