# Orders
sales-not-a-number = Please give a number of at most 50 characters without control characters.
sales-not-a-name = Please give a name of at most 200 characters without control characters.
sales-not-a-time = This cannot be the time of an order.
sales-no-items = An order has at least one and at most 1000 items.
sales-not-a-quantity = The quantity must be between 1 and 1000000.
sales-not-a-price = This price is too high.
sales-not-a-position = The position must be between 1 and 100000.
