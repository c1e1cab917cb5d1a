#include <string.h>

#include "view/view.h"

const struct asset *asset_find(struct text name)
{
    for (size_t i = 0; i < asset_count; i++)
        if (text_is(name, assets[i].name))
            return &assets[i];
    return NULL;
}

struct text asset_path(struct arena *arena, const struct asset *asset)
{
    return text_format(arena, "/assets/%s/%s", asset->hash, asset->name);
}

const struct asset *asset_served(struct text path)
{
    struct text hash;
    if (!text_starts(path, TEXT("/assets/")))
        return NULL;
    path = text_slice(path, 8, path.len);
    if (!text_cut(&path, '/', &hash) || text_ends(path, TEXT(".html")) ||
        text_ends(path, TEXT(".sql")) || text_ends(path, TEXT(".yaml")) ||
        text_ends(path, TEXT(".mo")))
        return NULL;
    const struct asset *asset = asset_find(path);
    return asset && text_is(hash, asset->hash) ? asset : NULL;
}
