#include "catalogue/check.h"

#include "base/idcode.h"

static void say(struct problems *problems, struct arena *arena, const char *field,
                enum refusal code, const char *message)
{
    problem_add(problems, arena, text_of(field), code, text_of(message));
}

static void say_at(struct problems *problems, struct arena *arena, const char *list, size_t index,
                   const char *field, enum refusal code, const char *message)
{
    problem_add(problems, arena, text_format(arena, "%s.%zu.%s", list, index, field), code,
                text_of(message));
}

/* A limit was read in a law, or it is an example to be settled on the spot: that a report or a
 * statistic mentions a number of days does not set it. */
static void limit_source_check(int64_t source, bool limited, const char *field, struct arena *arena,
                               struct problems *problems)
{
    if (source == SOURCE_REPORT || source == SOURCE_STATISTICS || source == SOURCE_CATALOGUE)
        say(problems, arena, field, REFUSED_CONFLICT, "期限的来源只写 law 或者 example");
    else if (limited && source == SOURCE_NONE)
        say(problems, arena, field, REFUSED_MISSING, "有期限就要写明来源：law 或者 example");
}

/* The limits: domain of the Administrative Licensing Law article 82 and of the house's promise. */
static void limits_check(const struct item *item, struct arena *arena, struct problems *problems)
{
    bool limited = item->statutory_days > 0;
    bool unit = item->statutory_unit != DAYS_NONE;
    if (limited != unit)
        say(problems, arena, "statutory_unit", REFUSED_CONFLICT,
            limited ? "有法定期限就要写明是工作日还是日"
                    : "没有法定期限时，期限写 0，单位写 none");
    limit_source_check(item->statutory_source, limited, "statutory_source", arena, problems);
    limit_source_check(item->promised_source, item->promised_days > 0, "promised_source", arena,
                       problems);
    if (item->statutory_source == SOURCE_LAW && !item->statutory_basis.len)
        say(problems, arena, "statutory_basis", REFUSED_MISSING,
            "来源为法律的期限要写明法律名称和条款");
    if (item->type == ITEM_PERMIT &&
        item->deliver_days > setting_rules[SETTING_DELIVER_DAYS].most)
        say(problems, arena, "deliver_days", REFUSED_OUT_OF_RANGE,
            "行政许可证件要在作出决定之日起10个工作日内送达（行政许可法第四十四条）");
    if (item->case_kind == CASE_ON_SPOT) {
        if (item->promised_days || item->promised_unit)
            say(problems, arena, "promised_days", REFUSED_CONFLICT,
                "即办件当场办结，不写承诺期限");
        return;
    }
    if (item->guide_only && !item->promised_days && item->promised_unit == DAYS_NONE)
        return;
    if (item->promised_days <= 0 || item->promised_unit == DAYS_NONE)
        say(problems, arena, "promised_days", REFUSED_MISSING,
            "承诺件和联办件要写明承诺期限和单位");
    else if (limited && unit && item->promised_unit != item->statutory_unit)
        say(problems, arena, "promised_unit", REFUSED_CONFLICT,
            "承诺期限要与法定期限使用同一单位");
    else if (limited && item->promised_days > item->statutory_days)
        say(problems, arena, "promised_days", REFUSED_CONFLICT, "承诺期限不得长于法定期限");
}

static void fees_check(const struct item *item, struct arena *arena, struct problems *problems)
{
    const struct fee *fees = item->fees.items;
    if (item->has_fee && !item->fees.count)
        say(problems, arena, "fees", REFUSED_MISSING, "收费事项要列明收费项目、标准和依据");
    if (!item->has_fee && item->fees.count)
        say(problems, arena, "fees", REFUSED_CONFLICT, "不收费的事项不得列收费项目");
    for (size_t i = 0; i < item->fees.count; i++) {
        if (!fees[i].basis.len)
            say_at(problems, arena, "fees", i, "basis", REFUSED_MISSING, "收费要有依据");
        for (size_t j = 0; j < i; j++)
            if (text_equal(fees[i].code, fees[j].code))
                say_at(problems, arena, "fees", i, "code", REFUSED_REPEATED, "收费编号重复");
    }
}

/* The case has one place for each kind. */
static void measures_check(const struct item *item, struct arena *arena, struct problems *problems)
{
    const struct measure *measures = item->measures.items;
    for (size_t i = 0; i < item->measures.count; i++)
        for (size_t j = 0; j < i; j++)
            if (measures[i].kind == measures[j].kind)
                say_at(problems, arena, "measures", i, "kind", REFUSED_REPEATED,
                       "金额、面积各只能有一项");
}

/* A list of papers must be complete and say what each is: catch-all wording is not allowed. */
static bool wording_banned(struct text name)
{
    static const char *const banned[] = {"其他材料", "其它材料", "其他有关材料", "其他相关材料",
                                         "其他需要提供的材料", "等材料"};
    for (size_t i = 0; i < sizeof banned / sizeof *banned; i++)
        if (text_find(name, text_of(banned[i])) >= 0)
            return true;
    return false;
}

static void material_check(const struct item *item, size_t at, struct arena *arena,
                           struct problems *problems)
{
    const struct material *materials = item->materials.items, *m = &materials[at];
    if (wording_banned(m->name))
        say_at(problems, arena, "materials", at, "name", REFUSED_MALFORMED,
               "不得使用“其他材料”一类的兜底表述，请写明具体材料");
    if (!m->basis.len)
        say_at(problems, arena, "materials", at, "basis", REFUSED_MISSING, "材料要有依据");
    if (m->deferrable && m->defer_days <= 0)
        say_at(problems, arena, "materials", at, "defer_days", REFUSED_MISSING,
               "可容缺的材料要写明补交期限");
    if (!m->deferrable && m->defer_days)
        say_at(problems, arena, "materials", at, "defer_days", REFUSED_CONFLICT,
               "不可容缺的材料不写补交期限");
    if (m->deferrable && item->promised_unit == DAYS_WORKING &&
        m->defer_days > item->promised_days)
        say_at(problems, arena, "materials", at, "defer_days", REFUSED_CONFLICT,
               "补交期限不得长于承诺期限");
    if (m->deferrable && item->case_kind == CASE_ON_SPOT)
        say_at(problems, arena, "materials", at, "deferrable", REFUSED_CONFLICT,
               "即办件当场办结，材料不能容缺");
    for (size_t j = 0; j < at; j++)
        if (text_equal(m->code, materials[j].code))
            say_at(problems, arena, "materials", at, "code", REFUSED_REPEATED, "材料编号重复");
}

static void objects_check(const struct item *item, struct arena *arena, struct problems *problems)
{
    const struct text *objects = item->objects.items;
    for (size_t i = 0; i < item->objects.count; i++) {
        int64_t index;
        if (!word_index(object_words, objects[i], &index))
            say(problems, arena, "objects", REFUSED_MALFORMED, "服务对象不在规定的种类之内");
        for (size_t j = 0; j < i; j++)
            if (text_equal(objects[i], objects[j]))
                say(problems, arena, "objects", REFUSED_REPEATED, "服务对象重复");
    }
}

/* A search is parted at spaces, so a word with one in it would never be found. */
static void keywords_check(const struct item *item, struct arena *arena, struct problems *problems)
{
    const struct text *keywords = item->keywords.items;
    for (size_t i = 0; i < item->keywords.count; i++) {
        size_t chars = text_chars(keywords[i]);
        if (chars < 2 || chars > 10 || text_find(keywords[i], TEXT(" ")) >= 0)
            say(problems, arena, "keywords", REFUSED_MALFORMED,
                "俗称每个2至10个字，中间没有空格");
        for (size_t j = 0; j < i; j++)
            if (text_equal(keywords[i], keywords[j]))
                say(problems, arena, "keywords", REFUSED_REPEATED, "俗称重复");
    }
}

/* What one person reviews and another verifies at the window is decided there, and needs neither a
 * visit nor a special procedure. */
static void duties_check(const struct item *item, struct arena *arena, struct problems *problems)
{
    if (item->can_decide && !item->can_accept)
        say(problems, arena, "can_decide", REFUSED_CONFLICT, "窗口能办结的事项必须能受理");
    if (item->one_review_one_verify &&
        (!item->can_decide || item->needs_site_visit || item->specials.count))
        say(problems, arena, "one_review_one_verify", REFUSED_CONFLICT,
            "一审一核只适用于窗口可办结、不需现场踏勘和特别程序的事项");
    if (item->case_kind == CASE_ON_SPOT && item->needs_site_visit)
        say(problems, arena, "needs_site_visit", REFUSED_CONFLICT, "即办件不需现场踏勘");
    if ((item->case_kind == CASE_JOINT) != (item->joins.count > 0))
        say(problems, arena, "joins", REFUSED_CONFLICT, "联办件要列明联办部门，其他事项不列");
    if (item->default_consent && item->case_kind != CASE_JOINT)
        say(problems, arena, "default_consent", REFUSED_CONFLICT,
            "超时默许只适用于部门之间的联合办理");
}

/* A guide tells all that an applicant must know. One known from a list alone says that it does not,
 * and then nothing can be applied for. */
static void whole_check(const struct item *item, struct arena *arena, struct problems *problems)
{
    const struct {
        const char *field;
        bool said;
    } parts[] = {
        {"case_kind", item->case_kind != CASE_KIND_NONE}, {"objects", item->objects.count},
        {"laws", item->laws.count},                       {"conditions", item->conditions.count},
        {"materials", item->materials.count},             {"results", item->results.count},
    };
    for (size_t i = 0; !item->guide_only && i < sizeof parts / sizeof *parts; i++)
        if (!parts[i].said)
            say(problems, arena, parts[i].field, REFUSED_MISSING, "请填写该项");
    if (item->guide_only && (item->can_accept || item->online || item->commitment))
        say(problems, arena, "guide_only", REFUSED_CONFLICT,
            "仅有目录信息的事项不受理申请，请先补全条件、材料和期限");
    if (item->organ_code.len && !idcode_uscc(item->organ_code) &&
        !idcode_organisation(item->organ_code))
        say(problems, arena, "organ_code", REFUSED_MALFORMED,
            "实施主体代码的校验码不正确（GB 32100、GB 11714）");
}

void item_check(const struct item *item, struct arena *arena, struct problems *problems)
{
    const struct result *results = item->results.items;
    whole_check(item, arena, problems);
    limits_check(item, arena, problems);
    fees_check(item, arena, problems);
    measures_check(item, arena, problems);
    keywords_check(item, arena, problems);
    objects_check(item, arena, problems);
    duties_check(item, arena, problems);
    for (size_t i = 0; i < item->materials.count; i++)
        material_check(item, i, arena, problems);
    for (size_t i = 0; i < item->results.count; i++)
        for (size_t j = 0; j < i; j++)
            if (text_equal(results[i].code, results[j].code))
                say_at(problems, arena, "results", i, "code", REFUSED_REPEATED, "结果编号重复");
    if (item->valid_from && item->valid_to && item->valid_to < item->valid_from)
        say(problems, arena, "valid_to", REFUSED_CONFLICT, "停止日期不得早于实施日期");
}

void department_check(const struct department *department, struct arena *arena,
                      struct problems *problems)
{
    const struct department_name *names = department->names.items;
    if (department->uscc.len && !idcode_uscc(department->uscc))
        say(problems, arena, "uscc", REFUSED_MALFORMED, "统一社会信用代码的校验码不正确");
    if (department->valid_to && department->valid_to < department->valid_from)
        say(problems, arena, "valid_to", REFUSED_CONFLICT, "撤并日期不得早于设立日期");
    if (department->successor.len && !department->valid_to)
        say(problems, arena, "successor", REFUSED_CONFLICT, "有承接部门时要写明撤并日期");
    if (text_equal(department->successor, department->code))
        say(problems, arena, "successor", REFUSED_CONFLICT, "部门不能由自己承接");
    for (size_t i = 0; i < department->names.count; i++) {
        bool last = i + 1 == department->names.count;
        if (names[i].valid_to && names[i].valid_to < names[i].valid_from)
            say_at(problems, arena, "names", i, "valid_to", REFUSED_CONFLICT,
                   "停用日期不得早于启用日期");
        if (!last && !names[i].valid_to)
            say_at(problems, arena, "names", i, "valid_to", REFUSED_MISSING,
                   "改名前的名称要写明停用日期");
        if (i > 0 && names[i].valid_from <= names[i - 1].valid_to)
            say_at(problems, arena, "names", i, "valid_from", REFUSED_CONFLICT,
                   "名称要按时间先后排列，日期不得重叠");
    }
}

bool place_fits(int64_t kind, int64_t parent_kind)
{
    switch (kind) {
    case PLACE_CENTRE:
        return parent_kind == PLACE_NONE;
    case PLACE_SUB_CENTRE:
    case PLACE_TOWN_CENTRE:
        return parent_kind == PLACE_CENTRE;
    case PLACE_VILLAGE_STATION:
        return parent_kind == PLACE_TOWN_CENTRE;
    case PLACE_HALL:
        return parent_kind == PLACE_CENTRE || parent_kind == PLACE_SUB_CENTRE ||
               parent_kind == PLACE_TOWN_CENTRE;
    case PLACE_WINDOW:
        return parent_kind == PLACE_HALL;
    case PLACE_POST:
        return parent_kind == PLACE_WINDOW;
    default:
        return false;
    }
}

void place_check(const struct place *place, struct arena *arena, struct problems *problems)
{
    bool posts = place->post_a.len || place->post_b.len;
    if (place->kind == PLACE_POST && (!place->post_a.len || !place->post_b.len))
        say(problems, arena, "post_a", REFUSED_MISSING, "每个岗位要有A岗和B岗");
    else if (place->kind != PLACE_POST && posts)
        say(problems, arena, "post_a", REFUSED_CONFLICT, "只有岗位才写A岗和B岗");
    if (posts && text_equal(place->post_a, place->post_b))
        say(problems, arena, "post_b", REFUSED_SAME_PERSON, "A岗和B岗不能是同一人");
    if (place->letter.len && (place->letter.at[0] < 'A' || place->letter.at[0] > 'Z'))
        say(problems, arena, "letter", REFUSED_MALFORMED, "取号字母是一个大写字母");
    if (place->letter.len && place->kind != PLACE_WINDOW)
        say(problems, arena, "letter", REFUSED_CONFLICT, "只有窗口才有取号字母");
}
