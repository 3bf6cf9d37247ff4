"""`python -m drillroom`: the same program as `drillroom`."""

from drillroom.origins import main

main()
