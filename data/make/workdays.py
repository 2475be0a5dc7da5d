"""Working days by PyPI chinesecalendar, for data/checks/working-days.csv: python workdays.py"""
import datetime
from importlib.metadata import version

import chinese_calendar

for year in range(2004, 2027):
    first = datetime.date(year, 1, 1)
    days = (datetime.date(year + 1, 1, 1) - first).days
    bits = "".join("1" if chinese_calendar.is_workday(first + datetime.timedelta(n)) else "0" for n in range(days))
    print(f"chinesecalendar,{version('chinesecalendar')},{year},{bits}")
