"""Controls on their way from an order to one outcome: what handlers of controls share."""
