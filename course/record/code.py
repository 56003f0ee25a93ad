"""The random code that stands for a learner.

Three parts that are easy to read aloud and to copy from a board: an animal, four digits, a plant. Drawn by
the operating system's random source, it says nothing about the learner and cannot be traced back to a name.
"""

from __future__ import annotations

import re
import secrets

_ANIMALS = """
    adder badger beaver bison bittern bream condor crane curlew dipper dolphin eagle egret falcon ferret
    finch gannet gecko gibbon goose hare heron ibex ibis jackdaw kestrel kite lark lemur linnet lizard llama
    lynx magpie marten merlin mole moose newt ocelot osprey otter owl panda pelican pipit plover puffin
    quail rabbit raven robin salmon seal shrew skylark sparrow squirrel starling stoat stork swift tapir
    teal tern thrush tiger toad trout turtle vole walrus weasel whale wombat wren yak zebra
"""
_PLANTS = """
    acacia alder almond apple ash aspen bamboo basil beech birch bracken bramble briar broom campion cedar
    cherry chestnut clover cypress daisy dogwood elder elm fennel fern fig foxglove furze gentian ginkgo
    hawthorn hazel heather hemlock holly hornbeam iris ivy jasmine juniper larch laurel lavender lilac lily
    lime linden lotus maple mint moss myrtle nettle oak olive orchid palm pear pine plum poplar poppy privet
    quince reed rose rowan rush sage sedge sorrel spruce sycamore tansy teasel thistle thyme tulip vetch
    violet walnut willow yarrow yew
"""

PATTERN = re.compile(r"[a-z]{3,12}-[0-9]{4}-[a-z]{3,12}")
"""What every code looks like; a restored file whose codes look otherwise is refused."""


def new_code() -> str:
    """Draw a code.

    Returns
    -------
    str
        Animal, four digits, plant. There are about 60 million, so in a school of 1,000 learners the odds
        that any two share a code are below one in a hundred.

    Examples
    --------
    >>> bool(PATTERN.fullmatch(new_code()))
    True
    """
    animal, plant = secrets.choice(_ANIMALS.split()), secrets.choice(_PLANTS.split())
    return f"{animal}-{1000 + secrets.randbelow(9000)}-{plant}"
