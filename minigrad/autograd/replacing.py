"""Other functions in the place of ordinary ones while a mode is on: a mode that is off is asked nothing and costs nothing.

Several modes can be on at a time, and end in any order: at each place stands the ordinary function, wrapped by one mode after
the other as they began.
"""

ORDINARY = {}  # (owner, name) -> what stands there while no mode is on
ON = []  # the modes that are on, in the order in which they began


class Mode:
    """What a mode puts in place.  `places`: (owner, name) -> what makes the function to stand there of the one that did."""

    def __init__(self, places):
        self.places = places
        self.made = {}  # the functions made of ordinary ones

    def begin(self):
        """Put the mode's functions in place."""
        ORDINARY.update({place: getattr(*place) for place in self.places if place not in ORDINARY})
        ON.append(self)
        self.settle()

    def end(self):
        """Take them away again."""
        ON.remove(self)
        self.settle()

    def settle(self):
        for place in self.places:
            found = ORDINARY[place]
            for mode in ON:
                if place in mode.places:
                    found = mode.over(place, found)
            setattr(*place, found)

    def over(self, place, found):
        if found is not ORDINARY[place]:
            return self.places[place](found)
        if place not in self.made:
            self.made[place] = self.places[place](found)
        return self.made[place]
