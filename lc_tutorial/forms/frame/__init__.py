"""The sandbox's pages in a frame of the notebook: a module each, and the widget of them all.

For places where the browser can't reach the machine of the kernel. The kernel fetches the pages, as
a browser would, and a frame shows them; what a person does there goes to the kernel by the way that
widgets have.
"""
