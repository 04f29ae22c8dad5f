from kit.warm.nursery import main

main()
