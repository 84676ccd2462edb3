internal import Yams
internal import CCmarkGFM
