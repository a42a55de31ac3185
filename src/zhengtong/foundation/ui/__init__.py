"""How everything appears: page shells, design tokens, components and form drawing."""
