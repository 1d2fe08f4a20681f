using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Model;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.Storing;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Upstream.Answering;

/// <summary>Generates responses: checks the model's input, plans, streams the plan and stores the result.</summary>
internal sealed partial class ResponseEngine(
    DemoModel model,
    ResponseStore store,
    IOptionsMonitor<DemoUpstreamOptions> options,
    TimeProvider time,
    ILogger<ResponseEngine> logger)
{
    private const int ThinkingTokens = 18;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>What the model reads for a request, in its tokens.</summary>
    public static int InputTokens(PreparedResponse prepared) =>
        PromptTokens(prepared.Request) + prepared.Context.Sum(item => item.Tokens);

    /// <summary>Everything that can refuse a request is checked here, before its first event.</summary>
    /// <exception cref="RequestRejectedException">The model cannot continue from this conversation.</exception>
    public PreparedResponse Prepare(CreateRequest request, StoredResponse? parent, FaultRequest? fault, SteeredResponse? steered)
    {
        request = request with { Input = ItemReferences.Resolve(request.Input, parent?.Conversation ?? [], store) };
        foreach (var item in request.Input)
        {
            ReasoningSeal.Check(item, store);
        }

        var context = parent is null ? request.Input : parent.Conversation.AddRange(request.Input);
        ToolPairing.Check(Compaction.Expand(context));
        return new PreparedResponse(request, parent, context, AnswerCut.Of(fault), steered);
    }

    /// <summary>Answers the request. A failure of the model itself ends in <c>response.failed</c>, not in an exception.</summary>
    /// <returns>The response as it ended; its <see cref="StoredResponse.Json"/> says how.</returns>
    public async Task<StoredResponse> RunAsync(
        PreparedResponse prepared,
        PromptCache cache,
        IEventSink sink,
        CancellationToken cancellationToken)
    {
        var (request, parent, context, cut, steered) = prepared;
        var prompt = PromptOf(request);
        var promptTokens = PromptTokens(request);
        if (parent is { } seen && seen.Prompt == prompt)
        {
            // A parent taken from the store was read before, perhaps on another connection.
            cache.Remember(prompt, seen.Conversation);
        }

        var inputTokens = InputTokens(prepared);
        var usage = new UsageCounter(
            inputTokens,
            cache.CachedTokens(prompt, promptTokens, context),
            request.MaxOutputTokens);
        var script = ScriptedResponse.Read(request.Metadata);
        var pacer = new TokenPacer(time, script?.TokensPerSecond ?? options.CurrentValue.TokensPerSecond);
        var emitter = new ResponseEmitter(sink, steered?.Numbers ?? new EventNumbers(), pacer, usage, cut, request.Obfuscate);
        var response = new ResponseObject(ApiIds.Response(), time.GetUtcNow(), request);
        LogStarted(logger, response.Id, context.Length);

        steered?.Start(response.Id);
        await emitter.SendResponseAsync("response.created", response, cancellationToken);
        if (request.Background)
        {
            await emitter.SendResponseAsync("response.queued", response, cancellationToken);
            response.Begin();
        }

        await emitter.SendResponseAsync("response.in_progress", response, cancellationToken);

        var output = ImmutableArray<ConversationItem>.Empty;
        var terminal = "response.completed";
        if (!request.Generate)
        {
            response.Complete(time.GetUtcNow(), usage.ToJson());
        }
        else if (Plan(request, context) is { } plan)
        {
            await ThinkAsync(pacer, script, cancellationToken);
            var items = new OutputItems(emitter);
            var whole = true;
            var isSteered = false;
            var compaction = inputTokens > request.CompactThreshold ? Compaction.Make(context) : null;
            await foreach (var item in SendAsync(items, plan, compaction, request, cancellationToken))
            {
                response.Add(item.Json);
                whole &= item.Whole;
                if (item.Whole || (string?)item.Json["type"] == "message")
                {
                    output = output.Add(ConversationItem.From(JsonText.ToElement(item.Json)));
                }

                // Checked between two items: after the last one there is nothing left to skip.
                if (steered?.EndsHere(output.Any(made => made.Type is "function_call" or "custom_tool_call")) is true && (string?)item.Json["type"] != "message")
                {
                    isSteered = true;
                    break;
                }
            }

            if (isSteered)
            {
                terminal = "response.incomplete";
                response.CutShort("steered", usage.ToJson());
            }
            else if (whole)
            {
                response.Complete(time.GetUtcNow(), usage.ToJson());
            }
            else
            {
                terminal = "response.incomplete";
                response.CutShort(cut is { HasCut: true } ? cut.Reason : "max_output_tokens", usage.ToJson());
            }
        }
        else
        {
            terminal = "response.failed";
            response.Fail(ApiError.ServerError());
        }

        var json = JsonText.ToElement(response.ToJson());
        var finished = new StoredResponse(
            response.Id, json, request.Store ? WithIds(context) : context, output, prompt, OwnBytes(json) + request.Input.Concat(output).Sum(item => OwnBytes(item.Json)));
        cache.Remember(prompt, finished.Conversation);
        if (request.Store)
        {
            // Before the terminal event: a client that has seen it can retrieve the response.
            store.Add(finished);
        }

        await emitter.SendResponseAsync(terminal, response, cancellationToken);
        LogEnded(logger, response.Id, terminal);
        return finished;
    }

    private ModelPlan? Plan(CreateRequest request, ImmutableArray<ConversationItem> context)
    {
        try
        {
            return model.Plan(request, Compaction.Expand(context));
        }
#pragma warning disable CA1031 // Any error of the model fails the response, as on the real server.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogPlanFailed(logger, exception);
            return null;
        }
    }

    private static Task ThinkAsync(TokenPacer pacer, ScriptedResponse? script, CancellationToken cancellationToken) =>
        script is null
            ? pacer.ThinkAsync(ThinkingTokens, cancellationToken)
            : pacer.PauseAsync(script.Thinking, cancellationToken);

    private static async IAsyncEnumerable<SentItem> SendAsync(
        OutputItems items,
        ModelPlan plan,
        JsonObject? compaction,
        CreateRequest request,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (compaction is not null)
        {
            yield return await items.SendCompactionAsync(compaction, cancellationToken);
        }

        if (plan.Thought is { } thought && request.Reason)
        {
            var reasoning = await items.SendReasoningAsync(
                thought, request.SummarizeReasoning, request.IncludeEncryptedReasoning, cancellationToken);
            yield return reasoning;
            if (!reasoning.Whole)
            {
                yield break;
            }
        }

        foreach (var step in plan.Steps)
        {
            var item = await items.SendAsync(step, request, cancellationToken);
            yield return item;
            if (!item.Whole)
            {
                yield break;
            }
        }
    }

    // An id makes the item one that later requests can refer to.
    private static ImmutableArray<ConversationItem> WithIds(ImmutableArray<ConversationItem> items) =>
        [.. items.Select(item => item.Id is null ? item.WithId(ApiIds.Of(item.Type)) : item)];

    // A JSON document in memory is its text and a token table of about the same size.
    private static long OwnBytes(JsonElement json) => 2L * json.GetRawText().Length;

    private static Fingerprint PromptOf(CreateRequest request) => Fingerprint.Empty
        .Add(request.Model)
        .Add(request.Instructions)
        .Add(request.Body.Member("tools")?.GetRawText())
        .Add(request.Body.Member("reasoning")?.Text("effort"));

    private static int PromptTokens(CreateRequest request) =>
        TokenPieces.Estimate((request.Instructions?.Length ?? 0) + (request.Body.Member("tools")?.GetRawText().Length ?? 0));

    [LoggerMessage(LogLevel.Debug, "Demo response {ResponseId} started with {Items} items")]
    private static partial void LogStarted(ILogger logger, string responseId, int items);

    [LoggerMessage(LogLevel.Debug, "Demo response {ResponseId} ended with {Terminal}")]
    private static partial void LogEnded(ILogger logger, string responseId, string terminal);

    [LoggerMessage(LogLevel.Error, "The demo model failed to plan")]
    private static partial void LogPlanFailed(ILogger logger, Exception exception);
}
