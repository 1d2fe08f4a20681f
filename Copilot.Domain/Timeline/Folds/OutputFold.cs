using System.Globalization;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Events.Output;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds the events of one response's output items.</summary>
internal static class OutputFold
{
    /// <summary>The state after an item event of an attempt.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, int attempt)
    {
        var mark = e.Mark();
        switch (e.Upstream)
        {
            case OutputItemEvent { Done: true } done:
                return WithItem(state, e, attempt, done.OutputIndex, done.Item, done: true, final: false);

            case OutputItemEvent added:
                return WithItem(state, e, attempt, added.OutputIndex, added.Item, done: false, final: false);

            case PartEvent { Done: true, Text.Length: > 0 } part when PartKind(part.PartType) is { } kind:
                return Edit<TextItem>(state, e, attempt, part.ItemId, part.OutputIndex, TypeOf(kind), item =>
                    item.Done is null ? Finish(item, mark, kind, part.PartIndex, part.Text) : item);

            case TextDeltaEvent { Delta.Length: > 0 } delta:
                return Edit<ResponseItem>(state, e, attempt, delta.ItemId, delta.OutputIndex, delta.Kind.ItemType(), item =>
                    item.Done is null ? Grow(item, mark, delta.Kind, delta.PartIndex, delta.Delta, whole: false) : item);

            case TextDoneEvent { Text.Length: > 0 } done:
                return Edit<ResponseItem>(state, e, attempt, done.ItemId, done.OutputIndex, done.Kind.ItemType(), item =>
                    item.Done is null ? Grow(item, mark, done.Kind, done.PartIndex, done.Text, whole: true) : item);

            case AnnotationEvent annotation:
                return Edit<AnswerItem>(state, e, attempt, annotation.ItemId, annotation.OutputIndex, "message", item =>
                    item with
                    {
                        Annotations = item.Annotations.Add(new(mark.Seq, mark.At, annotation.PartIndex, annotation.Annotation)),
                    });

            case ItemProgressEvent progress:
                return Edit<HostedToolItem>(state, e, attempt, progress.ItemId, progress.OutputIndex, progress.ItemType, item =>
                    HostedFold.Progress(item, mark, progress));

            default:
                return state;
        }
    }

    /// <summary>Takes an item of a terminal response's <c>output</c>, which is what counts.</summary>
    public static TimelineState Finish(TimelineState state, RunEvent e, int attempt, int place, OutputItem item) =>
        WithItem(state, e, attempt, place, item, done: true, final: true);

    /// <summary>Closes the items of a response that has ended. Calls of a complete response are still to be made.</summary>
    public static TimelineState Close(TimelineState state, SeqMark mark, int attempt, bool complete) =>
        state.CloseOpen(mark, attempt + 1, item => item switch
        {
            ToolCallItem { Steps.IsSet: false } call when call.Attempt == attempt && !complete =>
                ToolFold.Cut(call, mark, requestsToo: false),
            ToolCallItem => item,
            ResponseItem { Done: null } open when open.Attempt == attempt => open with { Done = mark, WasCut = !complete },
            _ => item,
        });

    private static TimelineState WithItem(
        TimelineState state, RunEvent e, int attempt, int place, OutputItem item, bool done, bool final)
    {
        var mark = e.Mark();
        item = WithOwnCallId(state, attempt, place, item, done);
        var ordinal = Locate(ref state, e, attempt, item.Id, place, item.Type, item.CallId, final);
        var edited = state.Items[ordinal] switch
        {
            AnswerItem answer => WithAnswer(answer, mark, item, done),
            ReasoningItem reasoning => WithParts(reasoning, mark, item),
            ToolCallItem call => WithCall(call, mark, item, done),
            HostedToolItem hosted => HostedFold.WithItem(hosted, mark, item, done, final ? place : null),
            var other => other,
        };
        if (done && edited is ResponseItem { Done: null } open)
        {
            edited = open with { Done = mark };
        }

        state = state.Replace(mark, edited);
        return item.CallId is { } callId && edited is ToolCallItem
            ? state with { Index = state.Index with { Calls = state.Index.Calls.SetItem(callId, ordinal) } }
            : state;
    }

    /// <summary>
    /// Two calls with one id are two, and one without an id is one: each gets the id that <see cref="ResponseOutput"/> gives it, by which its
    /// tool's events name it.
    /// </summary>
    private static OutputItem WithOwnCallId(TimelineState state, int attempt, int place, OutputItem item, bool done)
    {
        if (done && item is { CallId: null, Type: "function_call" or "custom_tool_call" })
        {
            var begins = (item.Id is not null && state.Index.Items.TryGetValue((attempt, item.Id), out var begunAt))
                || state.Index.Outputs.TryGetValue((attempt, place), out begunAt)
                    ? (state.Items[begunAt] as ToolCallItem)?.CallId.Current
                    : null;
            return item with { CallId = begins ?? item.Id ?? string.Create(CultureInfo.InvariantCulture, $"call_{place}") };
        }

        if (item.CallId is not { } callId || item.Type is not ("function_call" or "custom_tool_call"))
        {
            return item;
        }

        if (item.Id is not null && state.Index.Items.TryGetValue((attempt, item.Id), out var known) && state.Items[known] is ToolCallItem { CallId.Current: { } own } begun
            && (begun.Done is null || own == callId || own.StartsWith(callId + "_", StringComparison.Ordinal)))
        {
            return item with { CallId = own };
        }

        for (var number = 1; ; number++)
        {
            var name = number == 1 ? callId : $"{callId}_{number}";
            if (!state.Index.Calls.TryGetValue(name, out known) || state.Items[known] is not ToolCallItem call || call.Attempt != attempt
                || IsSame(state, attempt, call, place, item, done))
            {
                return number == 1 ? item : item with { CallId = name };
            }
        }
    }

    private static bool IsSame(TimelineState state, int attempt, ToolCallItem call, int place, OutputItem item, bool done)
    {
        return call.OutputIndex == place
            ? call.Done is null || ((!done || call.Arguments.ToString() == item.Arguments) && HasNoId())
            : call.Done is null && HasNoId();

        // Asked last, because it looks through all items.
        bool HasNoId() => item.Id is null || !state.Index.Items.Any(pair => pair.Value == call.Ordinal && pair.Key.Item1 == attempt);
    }

    private static TextItem WithParts(TextItem item, SeqMark mark, OutputItem from)
    {
        foreach (var (kind, index, text) in OutputParts.Read(from))
        {
            item = Finish(item, mark, kind, index, text);
        }

        return item;
    }

    private static AnswerItem WithAnswer(AnswerItem answer, SeqMark mark, OutputItem item, bool done)
    {
        answer = (AnswerItem)WithParts(
            item.Phase is null ? answer : answer with { Phase = answer.Phase.Set(mark, item.Phase) }, mark, item);
        return done ? Citations.Fill(answer, mark, item) : answer;
    }

    private static ToolCallItem WithCall(ToolCallItem call, SeqMark mark, OutputItem item, bool done) => call with
    {
        CallId = item.CallId is null ? call.CallId : call.CallId.Set(mark, item.CallId),
        Name = item.Name is null ? call.Name : call.Name.Set(mark, item.Name),
        Arguments = done ? call.Arguments.Finish(mark, item.Arguments ?? "") : call.Arguments,
    };

    private static ResponseItem Grow(ResponseItem item, SeqMark mark, DeltaKind kind, int index, string text, bool whole)
    {
        GrowingText More(GrowingText old) => whole ? old.Finish(mark, text) : old.Append(mark, text);
        return item switch
        {
            ToolCallItem call => call with { Arguments = More(call.Arguments) },
            HostedToolItem hosted => HostedFold.Grow(hosted, mark, index, More),
            TextItem texts => WithPart(texts, mark, PartKind(kind), index, More),
            _ => item,
        };
    }

    private static TextItem Finish(TextItem item, SeqMark mark, TextPartKind kind, int index, string text) =>
        WithPart(item, mark, kind, index, old => old.Finish(mark, text));

    private static TextItem WithPart(
        TextItem item, SeqMark mark, TextPartKind kind, int index, Func<GrowingText, GrowingText> edit)
    {
        var place = item.Parts.FindPart(kind, index);
        if (place < 0)
        {
            return item with { Parts = item.Parts.Insert(~place, new TextPart(mark.Seq, kind, index, edit(GrowingText.Empty))) };
        }

        var part = item.Parts[place];
        var text = edit(part.Text);
        return ReferenceEquals(text, part.Text) ? item : item with { Parts = item.Parts.SetItem(place, part with { Text = text }) };
    }

    private static TimelineState Edit<TItem>(
        TimelineState state, RunEvent e, int attempt, string? itemId, int place, string type, Func<TItem, TimelineItem> edit)
        where TItem : TimelineItem
    {
        var ordinal = Locate(ref state, e, attempt, itemId, place, type, null, final: false);
        return state.Items[ordinal] is TItem item ? state.Replace(e.Mark(), edit(item)) : state;
    }

    /// <summary>
    /// The item an event speaks of, made where there is none: by its id, else by its place. An id that is new at a place whose
    /// item is done is another item, except in the terminal response, where some upstreams give other ids than they streamed.
    /// </summary>
    private static int Locate(
        ref TimelineState state, RunEvent e, int attempt, string? itemId, int place, string type, string? callId, bool final)
    {
        var index = state.Index;
        if (itemId is not null && index.Items.TryGetValue((attempt, itemId), out var known) && Fits(state.Items[known], type)
            && (!IsAnotherCall(state.Items[known], callId) || (final && !index.Calls.ContainsKey(callId!))))
        {
            return known;
        }

        if (callId is not null && index.Calls.TryGetValue(callId, out known) && state.Items[known].Attempt == attempt)
        {
            return known;
        }

        if (!index.Outputs.TryGetValue((attempt, place), out var ordinal)
            || !Fits(state.Items[ordinal], type)
            || (itemId is not null && !final && state.Items[ordinal] is ResponseItem { Done: not null }))
        {
            ordinal = state.Items.Count;
            state = state.Add(New(state, type, e, ordinal, attempt, place));
            index = index with { Outputs = index.Outputs.SetItem((attempt, place), ordinal) };
        }

        state = state with
        {
            Index = itemId is null ? index : index with { Items = index.Items.SetItem((attempt, itemId), ordinal) },
        };
        return ordinal;
    }

    /// <summary>Two calls with one item's id are two where each has a call's id of its own.</summary>
    private static bool IsAnotherCall(TimelineItem item, string? callId) =>
        callId is not null && item is ToolCallItem { Done: not null, CallId.Current: { } own } && own != callId;

    private static ResponseItem New(TimelineState state, string type, RunEvent e, int ordinal, int attempt, int place) => type switch
    {
        "message" => new AnswerItem
        {
            Ordinal = ordinal,
            FromSeq = e.Seq,
            At = e.At,
            Attempt = attempt,
            OutputIndex = place,
            IsStructured = state.TextFormat.Current is "json_schema" or "json_object",
        },
        "reasoning" => new ReasoningItem { Ordinal = ordinal, FromSeq = e.Seq, At = e.At, Attempt = attempt, OutputIndex = place },
        "function_call" or "custom_tool_call" =>
            new ToolCallItem
            {
                Ordinal = ordinal,
                FromSeq = e.Seq,
                At = e.At,
                Attempt = attempt,
                OutputIndex = place,
                IsFreeText = type == "custom_tool_call",
            },
        _ => HostedFold.New(type, e, ordinal, attempt, place),
    };

    private static bool Fits(TimelineItem item, string type) => type switch
    {
        "message" => item is AnswerItem,
        "reasoning" => item is ReasoningItem,
        "function_call" or "custom_tool_call" => item is ToolCallItem,
        _ => item is HostedToolItem hosted && HostedFold.Fits(hosted, type),
    };

    private static string TypeOf(TextPartKind kind) =>
        kind is TextPartKind.Answer or TextPartKind.Refusal ? "message" : "reasoning";

    private static TextPartKind PartKind(DeltaKind kind) => kind switch
    {
        DeltaKind.Refusal => TextPartKind.Refusal,
        DeltaKind.ReasoningSummary => TextPartKind.Summary,
        DeltaKind.ReasoningText => TextPartKind.Reasoning,
        _ => TextPartKind.Answer,
    };

    private static TextPartKind? PartKind(string type) => OutputParts.KindOf(type);
}
