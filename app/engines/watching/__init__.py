"""Cases that people follow without having anything to do with them: each step is told, the workbench shows them."""
