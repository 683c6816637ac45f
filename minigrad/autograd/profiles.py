"""What a profile holds: events, averages over those of one name, and the tables that show them."""

WIDTH, LONGEST_NAME, LONGEST_SHAPES = 12, 55, 80


class Event:
    """One call: its name, when it began and ended (in nanoseconds), and inside which other call."""

    count = 1

    def __init__(self, name, start, parent, input_shapes):
        self.name = self.key = name
        self.start = self.end = start
        self.cpu_parent, self.input_shapes, self.cpu_children = parent, input_shapes, []
        if parent is not None:
            parent.cpu_children.append(self)

    def elapsed_us(self):
        """How many microseconds it took"""
        return (self.end - self.start) / 1000

    @property
    def time_range(self):
        """The event as what it is in time"""
        return self

    @property
    def cpu_time_total(self):
        """How many microseconds it took, with the calls inside it"""
        return self.elapsed_us()

    cpu_time = cpu_time_total

    @property
    def self_cpu_time_total(self):
        """How many microseconds it took, without the calls inside it"""
        return self.elapsed_us() - sum(child.elapsed_us() for child in self.cpu_children)

    def traced(self):
        """The event as chrome://tracing reads it"""
        return {"ph": "X", "name": self.name, "ts": self.start / 1000, "dur": self.elapsed_us(), "pid": "CPU functions",
                "tid": 0, "args": {}}  # fmt: skip


class FunctionEventAvg:
    """Several events taken together."""

    def __init__(self, key, shapes, events):
        self.key, self.input_shapes, self.count = key, shapes, len(events)
        self.cpu_time_total = sum(e.cpu_time_total for e in events if not inside(e, e.name))
        self.self_cpu_time_total = sum(e.self_cpu_time_total for e in events)

    @property
    def name(self):
        """The name that the events share"""
        return self.key

    @property
    def cpu_time(self):
        """How many microseconds one took on average"""
        return self.cpu_time_total / self.count if self.count else 0.0

    def __repr__(self):
        return (f"<FunctionEventAvg key={self.key} self_cpu_time={duration(self.self_cpu_time_total)} "
                f"cpu_time={duration(self.cpu_time)}  self_cuda_time=0.000us cuda_time=0.000us "
                f"input_shapes={self.input_shapes or ''} cpu_memory_usage=0 cuda_memory_usage=0>")


def inside(event, name):
    """Whether an event of that name contains this one."""
    while (event := event.cpu_parent) is not None:
        if event.name == name:
            return True
    return False


class EventList(list):
    """Events or averages."""

    total = None  # of averages: how many microseconds everything took

    @property
    def self_cpu_time_total(self):
        """How many microseconds everything took"""
        return sum(e.self_cpu_time_total for e in self) if self.total is None else self.total

    def key_averages(self, group_by_input_shapes=False):
        """The events of one name (and with the same shapes) taken together"""
        groups = {}
        for event in self:
            shapes = event.input_shapes if group_by_input_shapes else None
            groups.setdefault((event.key, str(shapes)), (event.key, shapes, []))[2].append(event)
        found = EventList(FunctionEventAvg(*group) for group in groups.values())
        found.total = self.self_cpu_time_total
        return found

    def total_average(self):
        """All events taken together"""
        return FunctionEventAvg("Total", None, list(self))

    def table(self, sort_by=None, row_limit=100, max_src_column_width=75, max_name_column_width=LONGEST_NAME,
              max_shapes_column_width=LONGEST_SHAPES, header=None, top_level_events_only=False,
              time_unit=None):  # fmt: skip
        """One line for each event, those that took longest first if `sort_by` names a time"""
        if not self:
            return ""
        events = [e for e in self if not (top_level_events_only and getattr(e, "cpu_parent", None))]
        if sort_by is not None:
            events.sort(key=lambda e: getattr(e, sort_by), reverse=True)
        total = self.self_cpu_time_total
        shapes = any(e.input_shapes for e in self)
        widths = [min(max(len(e.key) for e in self) + 4, max_name_column_width), *[WIDTH] * 6]
        titles = ["Name", "Self CPU %", "Self CPU", "CPU total %", "CPU total", "CPU time avg", "# of Calls"]
        if shapes:
            widths.append(min(max(len(str(e.input_shapes)) for e in self) + 4, max_shapes_column_width))
            titles.append("Input Shapes")
        rows = [[cut(e.key, max_name_column_width), share(e.self_cpu_time_total, total), duration(e.self_cpu_time_total),
                 share(e.cpu_time_total, total), duration(e.cpu_time_total), duration(e.cpu_time), e.count,
                 *([cut(str(e.input_shapes), max_shapes_column_width)] if shapes else [])]
                for e in events[: len(events) if row_limit < 0 else row_limit]]
        line = lambda cells: "".join(f"{cell:>{width}}  " for cell, width in zip(cells, widths)) + "\n"
        rule = line(["-" * width for width in widths])
        return "".join([*([f"{header}\n"] if header else []), rule, line(titles), rule, *map(line, rows), rule,
                        f"Self CPU time total: {duration(total)}\n"])

    def __str__(self):
        return self.table()


def duration(microseconds):
    """A time in the unit that suits it"""
    for size, unit in ((1e6, "s"), (1e3, "ms")):
        if microseconds >= size:
            return f"{microseconds / size:.3f}{unit}"
    return f"{microseconds:.3f}us"


def share(part, whole):
    return f"{part * 100 / whole:.2f}%" if whole else "NaN"


def cut(text, width):
    return text if len(text) <= width else text[: width - 3] + "..."
