"""What a translator needs: catalogues kept in step, tables to fill in, damage told."""
