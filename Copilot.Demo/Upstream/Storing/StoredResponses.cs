using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Storing;

/// <summary>Retrieves and deletes what was stored.</summary>
internal sealed class StoredResponses(ResponseStore store, BackgroundResponses background)
{
    public const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    public IResult Get(string id) => (background.Find(id)?.Response ?? store.Find(id)?.Json) is { } response
        ? Json(JsonText.ToNode(response)!)
        : ResponsesEndpoints.ErrorResult(ApiError.ResponseNotFound(id));

    public async Task<IResult> DeleteAsync(string id)
    {
        var stopped = await background.DeleteAsync(id);
        return store.Delete(id) || stopped
            ? Json(new JsonObject { ["id"] = id, ["object"] = "response", ["deleted"] = true })
            : ResponsesEndpoints.ErrorResult(ApiError.ResponseNotFound(id));
    }

    /// <summary>Cancels a background response; a finished one stays unchanged.</summary>
    public IResult Cancel(string id)
    {
        if (background.Find(id) is { } response)
        {
            response.Cancel();
            return Get(id);
        }

        return ResponsesEndpoints.ErrorResult(store.Find(id) is null
            ? ApiError.ResponseNotFound(id)
            : ApiError.Invalid("Cannot cancel a synchronous response.", null, null));
    }

    /// <summary>What the model read for a response, one page of it.</summary>
    public IResult InputItems(string id, long limit, string order, string? after)
    {
        if (store.Find(id) is not { } response)
        {
            return ResponsesEndpoints.ErrorResult(ApiError.ResponseNotFound(id));
        }

        if (limit is < 1 or > MaxLimit)
        {
            return ResponsesEndpoints.ErrorResult(ApiError.Invalid(
                $"Invalid 'limit': expected an integer from 1 to {MaxLimit}.", "limit", "invalid_value"));
        }

        if (order is not ("asc" or "desc"))
        {
            return ResponsesEndpoints.ErrorResult(ApiError.Invalid(
                $"Invalid value: '{order}'. Supported values are: 'asc' and 'desc'.", "order", "invalid_value"));
        }

        var items = response.Input.Select(WithId).ToList();
        if (order == "desc")
        {
            items.Reverse();
        }

        var start = after is null ? 0 : items.FindIndex(item => (string?)item["id"] == after) + 1;
        if (after is not null && start == 0)
        {
            return ResponsesEndpoints.ErrorResult(ApiError.Invalid($"Item with id '{after}' not found.", "after", null));
        }

        var page = items.Skip(start).Take((int)limit).ToList();
        return Json(new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. page]),
            ["first_id"] = (string?)page.FirstOrDefault()?["id"],
            ["last_id"] = (string?)page.LastOrDefault()?["id"],
            ["has_more"] = start + page.Count < items.Count,
        });
    }

    private static JsonObject WithId(ConversationItem item)
    {
        var json = (JsonObject)JsonText.ToNode(item.Json)!;
        json["type"] ??= item.Type;
        json["id"] ??= item.Id;
        return json;
    }

    private static IResult Json(JsonNode json) => Results.Text(JsonText.Write(json), "application/json");
}
