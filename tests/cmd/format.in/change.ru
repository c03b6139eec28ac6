DELETE DATA { <http://a> <http://b> 1 }
