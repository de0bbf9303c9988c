"""The city of the web tests with three filing conditions (立案条件) for exposed garbage."""

from pathlib import Path

from api.city.city import City, load_city
from tests.web_house import CITY

ONE = "          filing_condition: 生活垃圾未入容器\n"
MORE = """          filing_condition: 生活垃圾未入容器
          closing_condition: 清理干净
        - code: "0110"
          department: wardens
          limit: 9 hours
          filing_condition: 生活垃圾成堆
          closing_condition: 查处并清理
        - code: "0110"
          department: wardens
          limit: 12 hours
          filing_condition: 其他
"""


def city_with_several_conditions(folder: Path) -> City:
    """Written to `folder` and read from there."""
    path = folder / "city.yaml"
    text = CITY.read_text(encoding="utf-8")
    assert ONE in text
    path.write_text(text.replace(ONE, MORE), encoding="utf-8")
    return load_city(path)
