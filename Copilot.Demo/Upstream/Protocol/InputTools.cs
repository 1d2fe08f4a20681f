using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Answering;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.Storing;

namespace Copilot.Demo.Upstream.Protocol;

/// <summary>Operations on an input without a response: count its tokens, compact it.</summary>
internal sealed class InputTools(ResponseEngine engine, ResponseStore store)
{
    public async Task<IResult> CountAsync(HttpContext context)
    {
        return await AnswerAsync(context, CreateRequestReader.ReadToCount, prepared => new JsonObject
        {
            ["object"] = "response.input_tokens",
            ["input_tokens"] = ResponseEngine.InputTokens(prepared),
        });
    }

    /// <summary>A new start for a conversation that has grown too long: not a response, nothing can continue from its id.</summary>
    public async Task<IResult> CompactAsync(HttpContext context)
    {
        return await AnswerAsync(context, body => CreateRequestReader.Read(body, RequestTransport.Http), prepared =>
        {
            // Developer messages stay unchanged: they are not part of the conversation.
            var retained = prepared.Context.Where(item => item.IsMessageFrom("system") || item.IsMessageFrom("developer")).ToList();
            var compaction = Compaction.Make(prepared.Context.Except(retained));
            var output = new JsonArray([.. retained.Select(item => JsonText.ToNode(item.Json)), compaction]);
            var input = ResponseEngine.InputTokens(prepared);
            var made = ConversationItem.From(JsonText.ToElement(compaction)).Tokens;
            return new JsonObject
            {
                ["id"] = ApiIds.Response(),
                ["object"] = "response.compaction",
                ["created_at"] = engine.Now.ToUnixTimeSeconds(),
                ["output"] = output,
                ["usage"] = new JsonObject
                {
                    ["input_tokens"] = input,
                    ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
                    ["output_tokens"] = made,
                    ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
                    ["total_tokens"] = input + made,
                },
            };
        });
    }

    private async Task<IResult> AnswerAsync(
        HttpContext context, Func<JsonElement, CreateRequest> read, Func<PreparedResponse, JsonObject> answer)
    {
        context.Response.Headers["x-request-id"] = ApiIds.Request();
        try
        {
            var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
            var request = read(body);
            var parent = store.Parent(request.PreviousResponseId);
            return Results.Text(JsonText.Write(answer(engine.Prepare(request, parent, fault: null, steered: null))), "application/json");
        }
        catch (RequestRejectedException rejected)
        {
            return ResponsesEndpoints.ErrorResult(rejected.Error);
        }
    }
}
