"""What the calendar engine says: refusals, and the reason of every derived day."""

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "calendars.year_missing": {
        "zh-hans": "{year} 年的工作日历尚未录入，不能推算期限。请管理员在“管理台 → 年度日历”按国务院办公厅当年"
        "放假安排的通知录入后重试。",
        "en": "The working calendar of {year} has not been entered, so no limit can be counted. Ask an administrator "
        "to enter that year's State Council holiday notice under Console → Calendar years, then try again.",
    },
    "calendars.year_exists": {
        "zh-hans": "{year} 年的日历已经录入。如需更正，请选择“替换”。",
        "en": "The calendar of {year} is already entered. To correct it, choose to replace it.",
    },
    "calendars.year_range": {
        "zh-hans": "年份应为 {least} 至 {most} 之间的整数。",
        "en": "The year must be a whole number from {least} to {most}.",
    },
    "calendars.year_mismatch": {
        "zh-hans": "日历以 {key} 年登记，通知却是 {year} 年的。请核对。",
        "en": "The notice filed under {key} is for {year}. Check it.",
    },
    "calendars.notice_day": {
        "zh-hans": "{day} 不属于 {year} 年的放假安排（可含上一年 12 月）。请核对日期。",
        "en": "{day} does not belong to the notice of {year} (which may reach into the December before). Check it.",
    },
    "calendars.notice_both": {
        "zh-hans": "{day} 既列为放假又列为上班。请更正其中一处。",
        "en": "{day} is listed both as a holiday and as a working day. Correct one of them.",
    },
    "calendars.notice_empty": {
        "zh-hans": "{year} 年的通知没有任何放假日期。请按国务院办公厅通知填写。",
        "en": "The notice of {year} lists no holiday. Fill it in from the State Council's notice.",
    },
    "calendars.not_a_date": {
        "zh-hans": "{field} 应当是日期。",
        "en": "{field} must be a date.",
    },
    "calendars.not_a_moment": {
        "zh-hans": "{field} 应当是带时区的时刻。",
        "en": "{field} must be a moment with its time zone.",
    },
    "calendars.limit_number": {
        "zh-hans": "期限应为 0 至 {most} 之间的整数。",
        "en": "A limit is a whole number from 0 to {most}.",
    },
    "calendars.limit_unit": {
        "zh-hans": "期限单位应为工作日、自然日、小时或月。",
        "en": "A limit counts working days, natural days, hours or months.",
    },
    "calendars.limit_hours": {
        "zh-hans": "小时期限自时刻起算，不能按日推算。请给出开始时刻。",
        "en": "A limit in hours runs from a moment and cannot be counted in days. Give the moment it starts.",
    },
    "calendars.date_range": {
        "zh-hans": "推算结果超出可表示的日期。请核对开始日期和期限。",
        "en": "The result lies beyond any date that can be written. Check the start and the limit.",
    },
    "calendars.span": {
        "zh-hans": "一次最多推算 {most} 天。请缩短区间。",
        "en": "At most {most} days are derived at once. Shorten the span.",
    },
    "calendars.suspension_before_start": {
        "zh-hans": "暂停计时不能早于起算日 {start}。受理之后才能启动特别程序。",
        "en": "Time cannot be suspended before the clock starts on {start}; special procedures follow acceptance.",
    },
    "calendars.suspension_backwards": {
        "zh-hans": "恢复日期不能早于暂停日期。请更正。",
        "en": "Time cannot be resumed before it was suspended. Correct the dates.",
    },
    "calendars.suspension_running": {
        "zh-hans": "计时已经暂停，请先恢复。",
        "en": "The clock is already suspended. Resume it first.",
    },
    "calendars.suspension_missing": {
        "zh-hans": "计时没有暂停，不能恢复。",
        "en": "The clock is not suspended, so it cannot be resumed.",
    },
    "calendars.suspensions_many": {
        "zh-hans": "一个时钟最多暂停 {most} 次。",
        "en": "One clock can be suspended {most} times at most.",
    },
    "calendars.extension_promise": {
        "zh-hans": "承诺期限不能延长。延期只改变法定期限。",
        "en": "A promised limit cannot be extended; an extension moves the legal limit only.",
    },
    "calendars.extension_twice": {
        "zh-hans": "期限已经延长过一次，不能再次延长。",
        "en": "The limit has been extended once and cannot be extended again.",
    },
    "calendars.extension_late": {
        "zh-hans": "期限已于 {deadline} 届满，不能再延长。",
        "en": "The limit ran out on {deadline}; it can no longer be extended.",
    },
    "calendars.extension_early": {
        "zh-hans": "延期决定不能早于起算日 {start}。",
        "en": "An extension cannot be granted before the clock starts on {start}.",
    },
    "calendars.deadline_open": {
        "zh-hans": "计时暂停中，届满日期要到恢复后才能确定。请给出推算到哪一天。",
        "en": "The clock is suspended, so its last day is not known until it resumes. Say up to which day to derive.",
    },
    "calendars.light_rule": {
        "zh-hans": "预警比例应在 0 与 1 之间，最少天数应为不小于 0 的整数。",
        "en": "The warning ratio lies between 0 and 1, and the least number of days is a whole number from 0.",
    },
    "calendars.office_hours": {
        "zh-hans": "办公时间的结束应晚于开始。请更正。",
        "en": "Office hours end after they begin. Correct them.",
    },
}

DAY_TEXTS: Mapping[str, Mapping[str, str]] = {
    "day.start": {
        "zh-hans": "开始的当日不计入，从下一日起算",
        "en": "The day it starts is not counted; counting begins the day after",
    },
    "day.counted": {"zh-hans": "第 {number} 个{unit}", "en": "{unit} {number}"},
    "day.over": {"zh-hans": "第 {number} 个{unit}，已超期 {over} 个", "en": "{unit} {number}, {over} over the limit"},
    "day.rest": {"zh-hans": "{weekday}，休息日不计入", "en": "{weekday}, a rest day, not counted"},
    "day.holiday": {"zh-hans": "{holiday}放假，不计入", "en": "Holiday ({holiday}), not counted"},
    "day.adjusted": {
        "zh-hans": "{weekday}调休上班，第 {number} 个{unit}",
        "en": "{weekday}, but a working day by the yearly notice; {unit} {number}",
    },
    "day.suspended": {"zh-hans": "{reason}，所需时间不计入", "en": "{reason}: the time needed is not counted"},
    "day.last": {"zh-hans": "第 {number} 个{unit}，期限的最后一日", "en": "{unit} {number}, the last day of the limit"},
    "day.last_at_once": {"zh-hans": "期限为当日", "en": "The limit is this very day"},
    "day.last_resumed": {
        "zh-hans": "恢复计时之日，期限在暂停前已用完",
        "en": "The clock resumes today; the limit was used up before it was suspended",
    },
    "day.last_moved": {
        "zh-hans": "期限在暂停前已用完，恢复之日遇休假日，顺延至此",
        "en": "The limit was used up before it was suspended; it resumed on a day off and moves on to this day",
    },
    "day.rolled": {
        "zh-hans": "期限的最后一日遇休假日（{holiday}），顺延",
        "en": "The last day falls on a day off ({holiday}); the limit moves on",
    },
    "suspension": {"zh-hans": "特别程序", "en": "Special procedure"},
    "rest": {"zh-hans": "休息日", "en": "rest day"},
    "holiday": {"zh-hans": "节假日", "en": "holiday"},
    "unit.working_day": {"zh-hans": "工作日", "en": "Working day"},
    "unit.natural_day": {"zh-hans": "自然日", "en": "Day"},
    "unit.month": {"zh-hans": "日（按月计）", "en": "Day (of a limit in months)"},
    "weekday.0": {"zh-hans": "周一", "en": "Monday"},
    "weekday.1": {"zh-hans": "周二", "en": "Tuesday"},
    "weekday.2": {"zh-hans": "周三", "en": "Wednesday"},
    "weekday.3": {"zh-hans": "周四", "en": "Thursday"},
    "weekday.4": {"zh-hans": "周五", "en": "Friday"},
    "weekday.5": {"zh-hans": "周六", "en": "Saturday"},
    "weekday.6": {"zh-hans": "周日", "en": "Sunday"},
    "元旦": {"zh-hans": "元旦", "en": "New Year's Day"},
    "春节": {"zh-hans": "春节", "en": "Spring Festival"},
    "清明节": {"zh-hans": "清明节", "en": "Tomb-sweeping Day"},
    "劳动节": {"zh-hans": "劳动节", "en": "Labour Day"},
    "端午节": {"zh-hans": "端午节", "en": "Dragon Boat Festival"},
    "中秋节": {"zh-hans": "中秋节", "en": "Mid-Autumn Festival"},
    "国庆节": {"zh-hans": "国庆节", "en": "National Day"},
    "抗战胜利日": {"zh-hans": "抗战胜利日", "en": "Victory Day"},
}
