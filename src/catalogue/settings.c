/* What a region may set, and how far. Pure. */
#include "catalogue/check.h"

/* Where the law fixes a number, a county may promise less and never take more. */
const struct setting_rule setting_rules[SETTING_COUNT + 1] = {
    [SETTING_SUPPLEMENT_DAYS] = {"supplement_days", 5, 5, "行政许可法第三十二条"},
    [SETTING_SUPPLY_DAYS] = {"supply_days", 30, 250, ""},
    [SETTING_DEFERRED_GRACE_DAYS] = {"deferred_grace_days", 15, 60, ""},
    [SETTING_EXTENSION_DAYS] = {"extension_days", 10, 10, "行政许可法第四十二条"},
    [SETTING_DELIVER_DAYS] = {"deliver_days", 10, 10, "行政许可法第四十四条"},
    [SETTING_REMINDER_DAYS] = {"reminder_days", 1, 10, ""},
    [SETTING_RED_AFTER_DAYS] = {"red_after_days", 2, 10, ""},
    [SETTING_LOOKS_ALARM] = {"looks_alarm", 50, 1000, "", "人"},
    [SETTING_LOOKS_ALARM_CLOSED] = {"looks_alarm_closed", 10, 1000, "", "人"},
    [SETTING_RETENTION_YEARS] = {"retention_years", 10, 100, "", "年"},
};

static bool allowed(const struct setting_rule *rule, struct text value, int64_t *number)
{
    return text_int(value, number) && *number >= 1 && *number <= rule->most;
}

int64_t catalogue_number(const struct catalogue *catalogue, enum region_setting setting)
{
    const struct setting_rule *rule = &setting_rules[setting];
    int64_t number;
    return allowed(rule, catalogue_setting(catalogue, rule->name), &number) ? number : rule->usual;
}

static const struct setting_rule *rule_of(struct text name)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (text_is(name, setting_rules[i].name))
            return &setting_rules[i];
    return NULL;
}

static void value_check(const struct setting *setting, const struct setting_rule *rule,
                        struct text path, struct arena *arena, struct problems *problems)
{
    const char *unit = rule->unit ? rule->unit : "个工作日";
    int64_t number;
    if (!text_int(setting->value, &number))
        problem_add(problems, arena, path, REFUSED_MALFORMED,
                    text_of(rule->unit ? "请只用数字填写" : "请填写工作日数，只用数字"));
    else if (!allowed(rule, setting->value, &number))
        problem_add(problems, arena, path, REFUSED_OUT_OF_RANGE,
                    text_format(arena, "只能是1至%lld%s%s%s%s", (long long)rule->most, unit,
                                rule->basis[0] ? "（" : "", rule->basis,
                                rule->basis[0] ? "）" : ""));
}

void region_check(const struct region *region, struct arena *arena, struct problems *problems)
{
    const struct setting *settings = region->settings.items;
    for (size_t i = 0; i < region->settings.count; i++) {
        const struct setting_rule *rule = rule_of(settings[i].name);
        struct text path = text_format(arena, "settings.%zu.name", i);
        if (!rule)
            problem_add(problems, arena, path, REFUSED_REFERENCE,
                        text_format(arena, "没有这个设置项：%.*s", TEXT_ARG(settings[i].name)));
        for (size_t j = 0; j < i; j++)
            if (text_equal(settings[i].name, settings[j].name))
                problem_add(problems, arena, path, REFUSED_REPEATED,
                            text_format(arena, "设置项重复：%.*s", TEXT_ARG(settings[i].name)));
        if (rule)
            value_check(&settings[i], rule, text_format(arena, "settings.%zu.value", i), arena,
                        problems);
    }
}
