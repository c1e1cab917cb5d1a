/* Sample records, commands and templates (tests/view/) for the tests and the bench of this room. */
#ifndef YIMEN_VIEW_VIEW_SAMPLES_H
#define YIMEN_VIEW_VIEW_SAMPLES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "view/view.h"

struct sample_person {
    struct text name, phone, id_number;
};
struct sample_material {
    struct text code, name;
    int64_t state;
    bool required;
    struct list papers; /* texts */
};
struct sample_step {
    int64_t at;
    struct text title, actor, note;
};
struct sample_row {
    int64_t case_id;
    struct text number, item, applicant;
    int64_t light;
    struct text light_words;
    int64_t due_date;
};
struct sample_mark {
    struct text field, message;
};
struct sample_page {
    int64_t case_id;
    struct text number, item, note, link, svg, empty;
    int64_t state, light;
    struct text light_words;
    struct sample_person applicant;
    int64_t accepted_at, due_date, fee;
    bool urgent;
    struct list tags, materials, history, cases, nothing;
    struct list marks; /* struct sample_mark */
};

static const struct word sample_states[] = {{"none", "未定"},        {"received", "已接件"},
                                            {"accepted", "已受理"},  {"granted", "准予许可"},
                                            {"refused", "不予许可"}, {0}};
static const struct word sample_lights[] = {
    {"grey", "暂停"}, {"green", "正常"}, {"yellow", "临近期限"}, {"red", "超期"}, {0}};
static const struct word sample_papers[] = {
    {"none", "未核对"}, {"good", "齐全"}, {"missing", "缺少"}, {"wrong", "不符合"}, {0}};
static const struct word sample_many[] = {
    {"none", "请选择"}, {"a", "身份证"},     {"b", "护照"},
    {"c", "军官证"},    {"d", "户口簿"},     {"e", "营业执照"},
    {"f", "授权书"},    {"g", "其他<证件>"}, {0}};

#define SAMPLE(type_of, struct_name, member, words_of)                                             \
    .name = #member, .type = type_of, .offset = offsetof(struct struct_name, member),              \
    .label = words_of

static const struct field sample_person_fields[] = {
    {SAMPLE(FIELD_TEXT, sample_person, name, "姓名")},
    {SAMPLE(FIELD_TEXT, sample_person, phone, "手机号码")},
    {SAMPLE(FIELD_TEXT, sample_person, id_number, "身份证号")},
};
static const struct shape sample_person_shape = {.name = "person",
                                                 .title = "申请人",
                                                 .size = sizeof(struct sample_person),
                                                 SHAPE_FIELDS(sample_person_fields)};

static const struct field sample_material_fields[] = {
    {SAMPLE(FIELD_TEXT, sample_material, code, "代码")},
    {SAMPLE(FIELD_TEXT, sample_material, name, "材料")},
    {SAMPLE(FIELD_WORD, sample_material, state, "核对"), .words = sample_papers},
    {SAMPLE(FIELD_BOOL, sample_material, required, "必要")},
    {SAMPLE(FIELD_TEXTS, sample_material, papers, "文件")},
};
static const struct shape sample_material_shape = {.name = "material",
                                                   .title = "材料",
                                                   .size = sizeof(struct sample_material),
                                                   SHAPE_FIELDS(sample_material_fields)};

static const struct field sample_step_fields[] = {
    {SAMPLE(FIELD_TIME, sample_step, at, "时间")},
    {SAMPLE(FIELD_TEXT, sample_step, title, "环节")},
    {SAMPLE(FIELD_TEXT, sample_step, actor, "经办人")},
    {SAMPLE(FIELD_TEXT, sample_step, note, "说明")},
};
static const struct shape sample_step_shape = {.name = "step",
                                               .title = "环节",
                                               .size = sizeof(struct sample_step),
                                               SHAPE_FIELDS(sample_step_fields)};

static const struct field sample_row_fields[] = {
    {SAMPLE(FIELD_INT, sample_row, case_id, "编号")},
    {SAMPLE(FIELD_TEXT, sample_row, number, "办件编号")},
    {SAMPLE(FIELD_TEXT, sample_row, item, "事项")},
    {SAMPLE(FIELD_TEXT, sample_row, applicant, "申请人")},
    {SAMPLE(FIELD_WORD, sample_row, light, "状态"), .words = sample_lights},
    {SAMPLE(FIELD_TEXT, sample_row, light_words, "期限")},
    {SAMPLE(FIELD_DATE, sample_row, due_date, "到期日")},
};
static const struct shape sample_row_shape = {.name = "row",
                                              .title = "办件",
                                              .size = sizeof(struct sample_row),
                                              SHAPE_FIELDS(sample_row_fields)};

static const struct field sample_mark_fields[] = {
    {SAMPLE(FIELD_TEXT, sample_mark, field, "位置")},
    {SAMPLE(FIELD_TEXT, sample_mark, message, "待补正")},
};
static const struct shape sample_mark_shape = {.name = "mark",
                                               .title = "待补正",
                                               .size = sizeof(struct sample_mark),
                                               SHAPE_FIELDS(sample_mark_fields)};

static const struct field sample_fields[] = {
    {SAMPLE(FIELD_INT, sample_page, case_id, "编号")},
    {SAMPLE(FIELD_TEXT, sample_page, number, "办件编号")},
    {SAMPLE(FIELD_TEXT, sample_page, item, "事项")},
    {SAMPLE(FIELD_TEXT, sample_page, note, "说明")},
    {SAMPLE(FIELD_TEXT, sample_page, link, "链接")},
    {SAMPLE(FIELD_TEXT, sample_page, svg, "图")},
    {SAMPLE(FIELD_TEXT, sample_page, empty, "空")},
    {SAMPLE(FIELD_WORD, sample_page, state, "状态"), .words = sample_states},
    {SAMPLE(FIELD_WORD, sample_page, light, "灯"), .words = sample_lights},
    {SAMPLE(FIELD_TEXT, sample_page, light_words, "期限")},
    {SAMPLE(FIELD_RECORD, sample_page, applicant, "申请人"), .of = &sample_person_shape},
    {SAMPLE(FIELD_TIME, sample_page, accepted_at, "受理时间")},
    {SAMPLE(FIELD_DATE, sample_page, due_date, "到期日")},
    {SAMPLE(FIELD_MONEY, sample_page, fee, "费用")},
    {SAMPLE(FIELD_BOOL, sample_page, urgent, "加急")},
    {SAMPLE(FIELD_TEXTS, sample_page, tags, "标签")},
    {SAMPLE(FIELD_LIST, sample_page, materials, "材料"), .of = &sample_material_shape},
    {SAMPLE(FIELD_LIST, sample_page, history, "经过"), .of = &sample_step_shape},
    {SAMPLE(FIELD_LIST, sample_page, cases, "办件"), .of = &sample_row_shape},
    {SAMPLE(FIELD_LIST, sample_page, nothing, "无"), .of = &sample_step_shape},
    {SAMPLE(FIELD_LIST, sample_page, marks, "待补正"), .of = &sample_mark_shape},
};
static const struct shape sample_shape = {.name = "sample",
                                          .title = "样页",
                                          .size = sizeof(struct sample_page),
                                          SHAPE_FIELDS(sample_fields)};

/* The input of a made-up command with every kind of field. */
struct sample_input_material {
    struct text code;
    int64_t state;
};
struct sample_input {
    int64_t promised_date, kind, paper, fee, count, at;
    bool agreed;
    struct text note, phone, password, window_code, secret_id;
    struct list tags, materials;
    struct sample_person applicant;
};

static const struct field sample_input_material_fields[] = {
    {SAMPLE(FIELD_TEXT, sample_input_material, code, "代码"), .flags = FIELD_REQUIRED},
    {SAMPLE(FIELD_WORD, sample_input_material, state, "核对结果"), .words = sample_papers,
     .flags = FIELD_REQUIRED},
};
static const struct shape sample_input_material_shape = {
    .name = "input_material",
    .title = "材料",
    .size = sizeof(struct sample_input_material),
    SHAPE_FIELDS(sample_input_material_fields)};

static const struct field sample_input_fields[] = {
    {SAMPLE(FIELD_DATE, sample_input, promised_date, "承诺办结日期"), .flags = FIELD_REQUIRED},
    {SAMPLE(FIELD_WORD, sample_input, kind, "办理结果"), .flags = FIELD_REQUIRED,
     .words = sample_states},
    {SAMPLE(FIELD_WORD, sample_input, paper, "证件种类"), .words = sample_many},
    {SAMPLE(FIELD_MONEY, sample_input, fee, "收费金额")},
    {SAMPLE(FIELD_INT, sample_input, count, "份数"), .high = 99},
    {SAMPLE(FIELD_TIME, sample_input, at, "约定时间")},
    {SAMPLE(FIELD_BOOL, sample_input, agreed, "申请人已签字确认")},
    {SAMPLE(FIELD_TEXT, sample_input, note, "办理意见"), .flags = FIELD_LINES | FIELD_REQUIRED,
     .hint = "写明理由和依据，申请人会看到。"},
    {SAMPLE(FIELD_TEXT, sample_input, phone, "手机号码"), .flags = FIELD_REQUIRED, .high = 11},
    {SAMPLE(FIELD_TEXT, sample_input, password, "密码"), .flags = FIELD_SECRET | FIELD_REQUIRED},
    {SAMPLE(FIELD_TEXT, sample_input, window_code, "窗口"), .flags = FIELD_CODE},
    {SAMPLE(FIELD_TEXT, sample_input, secret_id, "内部"), .flags = FIELD_INTERNAL},
    {SAMPLE(FIELD_TEXTS, sample_input, tags, "服务标签")},
    {SAMPLE(FIELD_LIST, sample_input, materials, "材料"), .of = &sample_input_material_shape},
    {SAMPLE(FIELD_RECORD, sample_input, applicant, "申请人"), .of = &sample_person_shape},
};
static const struct shape sample_input_shape = {.name = "sample_input",
                                                .title = "样表",
                                                .size = sizeof(struct sample_input),
                                                SHAPE_FIELDS(sample_input_fields)};
#undef SAMPLE

static const struct view_form sample_forms[] = {
    {"case.accept", "受理", NULL, "/staff/cases/{case_id}/accept", &sample_input_shape, false},
    {"file.add", "上传材料", NULL, "/staff/cases/{case_id}/files/{number}", &sample_input_shape, true},
    {"case.begin", "申请", NULL, "/apply", &sample_input_shape, false},
};

static const size_t sample_form_count = sizeof sample_forms / sizeof *sample_forms;

/* A case with eight materials, eight steps and twenty neighbours: an ordinary case page. */
static inline struct sample_page *sample_record(struct arena *arena)
{
    static const char *const names[] = {"身份证",   "国有土地使用证", "宗地分割申请书",
                                        "测绘报告", "房屋所有权证",   "完税凭证",
                                        "委托书",   "承诺书"};
    static const char *const steps[] = {"申请", "接件", "受理", "材料核对",
                                        "审查", "核准", "制证", "送达"};
    struct sample_page *page = arena_alloc(arena, sizeof *page);
    struct text *tags = arena_array(arena, 2, sizeof *tags);
    struct sample_material *materials = arena_array(arena, 8, sizeof *materials);
    struct sample_step *history = arena_array(arena, 8, sizeof *history);
    struct sample_row *cases = arena_array(arena, 20, sizeof *cases);
    int64_t start = time_at(date_of(2014, 5, 4), 9 * HOUR_MS);
    tags[0] = TEXT("绿色通道");
    tags[1] = TEXT("容缺受理");
    for (size_t i = 0; i < 8; i++) {
        materials[i] = (struct sample_material){.code = text_format(arena, "M%02zu", i + 1),
                                                .name = text_of(names[i]),
                                                .state = (int64_t)i % 4,
                                                .required = i < 5,
                                                .papers = {tags, i % 3}};
        history[i] = (struct sample_step){
            .at = start + (int64_t)i * 40 * MINUTE_MS,
            .title = text_of(steps[i]),
            .actor = text_format(arena, "国土资源局窗口 经办%zu", i + 1),
            .note = i % 2 ? TEXT("材料齐全，符合法定形式，依法予以办理。") : TEXT("")};
    }
    for (size_t i = 0; i < 20; i++)
        cases[i] = (struct sample_row){
            .case_id = 1000 + (int64_t)i,
            .number = text_format(arena, "PH2014-%05zu", 1000 + i),
            .item = i % 2 ? TEXT("国有土地使用证分割登记") : TEXT("企业设立登记"),
            .applicant = i % 3 ? TEXT("张*") : TEXT("平湖某某服饰有限公司"),
            .light = 3 - (int64_t)(i / 5),
            .light_words = i < 5    ? TEXT("已超期 2 个工作日")
                           : i < 10 ? TEXT("还剩 1 个工作日")
                                    : TEXT("还剩 12 个工作日"),
            .due_date = date_of(2014, 5, 5) + (int64_t)i};
    *page = (struct sample_page){
        .case_id = 17,
        .number = TEXT("PH2014-00017"),
        .item = TEXT("国有土地使用证分割登记"),
        .note = TEXT("三宗地分割。\n申请人要求当日领取。"),
        .link = TEXT("/staff/cases/18"),
        .svg = TEXT("<svg viewBox=\"0 0 4 4\" role=\"img\" aria-label=\"回执二维码\">"
                    "<path d=\"M0 0h2v2H0zM2 2h2v2H2z\"/></svg>"),
        .state = 2,
        .light = 2,
        .light_words = TEXT("还剩 1 个工作日"),
        .applicant = {TEXT("张*明"), TEXT("138****5678"), TEXT("330482********0016")},
        .accepted_at = start,
        .due_date = date_of(2014, 5, 30),
        .fee = 1250,
        .urgent = true,
        .tags = {tags, 2},
        .materials = {materials, 8},
        .history = {history, 8},
        .cases = {cases, 20}};
    return page;
}

static inline struct frame sample_frame(bool staff)
{
    return (struct frame){.title = TEXT("办件 PH2014-00017"),
                          .path = staff ? TEXT("/staff/cases/17") : TEXT("/my"),
                          .signed_in = staff ? TEXT("李窗口") : TEXT(""),
                          .staff = staff,
                          .csrf = TEXT("csrf-token-of-32-characters-long"),
                          .form_key = TEXT("0123456789abcdef"),
                          .now_ms = time_at(date_of(2014, 5, 4), 14 * HOUR_MS),
                          .place = TEXT("平湖市行政服务中心")};
}

/* This room's embedded files and tests/view/NAME.html as "sample/NAME.html". False: cannot be read.
 */
static inline bool sample_files(struct arena *arena, const char *const *names, size_t count,
                                struct asset **out, size_t *out_count)
{
    struct asset *files = arena_array(arena, asset_count + count, sizeof *files);
    size_t kept = 0;
    for (size_t i = 0; i < asset_count; i++) {
        struct text name = text_of(assets[i].name);
        if (text_starts(name, TEXT("view/")) || text_starts(name, TEXT("web/")))
            files[kept++] = assets[i];
    }
    for (size_t i = 0; i < count; i++) {
        struct text path = text_format(arena, "tests/view/%s.html", names[i]);
        FILE *file = fopen(text_cstr(arena, path), "rb");
        if (!file)
            return false;
        unsigned char *bytes = arena_alloc(arena, 65536);
        size_t size = fread(bytes, 1, 65536, file);
        fclose(file);
        files[kept + i] =
            (struct asset){.name = text_cstr(arena, text_format(arena, "sample/%s.html", names[i])),
                           .bytes = bytes,
                           .size = size,
                           .hash = "0000000000000000",
                           .media_type = "text/html; charset=utf-8"};
    }
    *out = files;
    *out_count = kept + count;
    return true;
}

#endif
