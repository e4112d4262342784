"""Evidence: items by hash, custody signed by both hands, bundles that are checked offline."""
