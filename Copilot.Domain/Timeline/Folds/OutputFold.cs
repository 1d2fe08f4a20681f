using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Events.Output;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>
/// Folds the events of one response's output items. Which item an event speaks of, and by which id a call is answered, says
/// <see cref="ResponseOutput"/> alone: the page shows the same calls that the run carries out.
/// </summary>
internal static class OutputFold
{
    /// <summary>The state after an item event of an attempt.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, int attempt)
    {
        var mark = e.Mark();
        switch (e.Upstream)
        {
            case OutputItemEvent said:
                return Follow(ref state, attempt, said, out var number)
                    ? WithItem(state, e, attempt, number, said.OutputIndex, said.Item, said.Done, final: false)
                    : state;

            case PartEvent { Done: true, Text.Length: > 0 } part when PartKind(part.PartType) is { } kind:
                return Follow(ref state, attempt, part, out number)
                    ? Edit<TextItem>(state, e, attempt, number, part.ItemId, part.OutputIndex, TypeOf(kind), item =>
                        item.Done is null ? Finish(item, mark, kind, part.PartIndex, part.Text) : item)
                    : state;

            case TextDeltaEvent { Delta.Length: > 0 } delta:
                return Follow(ref state, attempt, delta, out number)
                    ? Edit<ResponseItem>(state, e, attempt, number, delta.ItemId, delta.OutputIndex, delta.Kind.ItemType(), item =>
                        item.Done is null ? Grow(item, mark, delta.Kind, delta.PartIndex, delta.Delta, whole: false) : item)
                    : state;

            case TextDoneEvent { Text.Length: > 0 } done:
                return Follow(ref state, attempt, done, out number)
                    ? Edit<ResponseItem>(state, e, attempt, number, done.ItemId, done.OutputIndex, done.Kind.ItemType(), item =>
                        item.Done is null ? Grow(item, mark, done.Kind, done.PartIndex, done.Text, whole: true) : item)
                    : state;

            case AnnotationEvent annotation:
                number = Known(state, attempt, annotation.ItemId, annotation.OutputIndex, "message");
                return Edit<AnswerItem>(state, e, attempt, number, annotation.ItemId, annotation.OutputIndex, "message", item =>
                    item with { Annotations = item.Annotations.Add(new(mark.Seq, mark.At, annotation.PartIndex, annotation.Annotation)) });

            case ItemProgressEvent progress:
                number = Known(state, attempt, progress.ItemId, progress.OutputIndex, progress.ItemType);
                return Edit<HostedToolItem>(state, e, attempt, number, progress.ItemId, progress.OutputIndex, progress.ItemType, item =>
                    HostedFold.Progress(item, mark, progress));

            default:
                return state;
        }
    }

    /// <summary>Takes the items of a terminal response's <c>output</c>, which is what counts.</summary>
    public static TimelineState Finish(TimelineState state, RunEvent e, int attempt, ResponseLifecycleEvent ended)
    {
        if (!Follow(ref state, attempt, ended, out _))
        {
            return state;
        }

        var numbers = state.Index.Open!.Output.TerminalNumbers;
        for (var place = 0; place < numbers.Length; place++)
        {
            state = WithItem(state, e, attempt, numbers[place], place, ended.Response.Output[place], done: true, final: true);
        }

        // The end of the response is also that of a call that was never called final and never had an id: now it has one.
        for (var ordinal = attempt + 1; ordinal < state.Items.Count; ordinal++)
        {
            if (state.Items[ordinal] is ToolCallItem { CallId.IsSet: false } call && call.Attempt == attempt)
            {
                var callId = NameOf(state, call);
                state = state.Replace(e.Mark(), call with { CallId = call.CallId.Set(e.Mark(), callId) });
                state = state with { Index = state.Index with { Calls = state.Index.Calls.SetItem(callId, ordinal) } };
            }
        }

        return state;
    }

    /// <summary>The id that <see cref="ResponseOutput"/> gives such a call; of one from before the playhead that a fold goes on from, the same.</summary>
    private static string NameOf(TimelineState state, ToolCallItem call)
    {
        var open = state.Index.Open!;
        return open.Entries.Where(entry => entry.Value == call.Ordinal).Select(entry => open.Output[entry.Key].CalledAs).FirstOrDefault()
            ?? state.Index.Items.FirstOrDefault(item => item.Value == call.Ordinal).Key.ItemId
            ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"call_{call.OutputIndex}");
    }

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

    /// <summary>Takes up what an event says of the attempt's output. False behind the most items that a response may have.</summary>
    private static bool Follow(ref TimelineState state, int attempt, ResponseEvent said, out int number)
    {
        number = -1;
        var open = state.Index.Open is { } known && known.Attempt == attempt ? known : OpenOutput.Of(attempt);
        var output = open.Output.Apply(said);
        if (ReferenceEquals(output, open.Output))
        {
            return false;
        }

        state = state with { Index = state.Index with { Open = open with { Output = output } } };
        number = output.LatestNumber;
        return true;
    }

    /// <summary>The number of the item that a note or a step speaks of, or -1.</summary>
    private static int Known(TimelineState state, int attempt, string? itemId, int place, string type) =>
        state.Index.Open is { } open && open.Attempt == attempt ? open.Output.PlaceOf(itemId, place, type) : -1;

    private static TimelineState WithItem(
        TimelineState state, RunEvent e, int attempt, int number, int place, OutputItem item, bool done, bool final)
    {
        var mark = e.Mark();
        var draft = state.Index.Open!.Output[number];
        var ordinal = Locate(ref state, e, attempt, number, item.Id, place, draft.Type, draft.CallId is null ? null : draft.CalledAs);
        var edited = state.Items[ordinal] switch
        {
            AnswerItem answer => WithAnswer(answer, mark, item, done),
            ReasoningItem reasoning => WithParts(reasoning, mark, item),
            ToolCallItem call => WithCall(call, mark, draft, done),
            HostedToolItem hosted => HostedFold.WithItem(hosted, mark, item, done, final ? place : null),
            var other => other,
        };
        if (done && edited is ResponseItem { Done: null } open)
        {
            edited = open with { Done = mark };
        }

        state = state.Replace(mark, edited);
        return edited is ToolCallItem { CallId.Current: { } callId }
            ? state with { Index = state.Index with { Calls = state.Index.Calls.SetItem(callId, ordinal) } }
            : state;
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

    private static ToolCallItem WithCall(ToolCallItem call, SeqMark mark, OutputDraft draft, bool done)
    {
        var item = draft.Item;
        return call with
        {
            CallId = done || draft.CallId is not null ? call.CallId.Set(mark, draft.CalledAs) : call.CallId,
            Name = item.Name is null ? call.Name : call.Name.Set(mark, item.Name),
            Arguments = done ? call.Arguments.Finish(mark, item.Arguments ?? "") : call.Arguments,
        };
    }

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
        TimelineState state, RunEvent e, int attempt, int number, string? itemId, int place, string type, Func<TItem, TimelineItem> edit)
        where TItem : TimelineItem
    {
        var ordinal = Locate(ref state, e, attempt, number, itemId, place, type, callId: null);
        return state.Items[ordinal] is TItem item ? state.Replace(e.Mark(), edit(item)) : state;
    }

    /// <summary>
    /// The entry of an item of the output, made where there is none. Steps and notes may come before anything is said of their item, and a
    /// fold may go on from a playhead: then the entry was made under its id or its place.
    /// </summary>
    private static int Locate(ref TimelineState state, RunEvent e, int attempt, int number, string? itemId, int place, string type, string? callId)
    {
        var index = state.Index;
        var open = index.Open is { } known && known.Attempt == attempt ? known : null;
        if (open is not null && number >= 0 && open.Entries.TryGetValue(number, out var ordinal) && Fits(state.Items[ordinal], type))
        {
            return ordinal;
        }

        if (!((itemId is not null && index.Items.TryGetValue((attempt, itemId), out ordinal) && IsFree(state, ordinal))
            || (callId is not null && index.Calls.TryGetValue(callId, out ordinal) && state.Items[ordinal].Attempt == attempt && IsFree(state, ordinal))
            || (index.Outputs.TryGetValue((attempt, place), out ordinal) && IsFree(state, ordinal)
                && (itemId is null || state.Items[ordinal] is not ResponseItem { Done: not null }))))
        {
            ordinal = state.Items.Count;
            state = state.Add(New(state, type, e, ordinal, attempt, place));
            index = index with { Outputs = index.Outputs.SetItem((attempt, place), ordinal) };
        }

        state = state with
        {
            Index = index with
            {
                Items = itemId is null ? index.Items : index.Items.SetItem((attempt, itemId), ordinal),
                Open = open is null || number < 0 ? index.Open : open with { Entries = open.Entries.SetItem(number, ordinal) },
            },
        };
        return ordinal;

        bool IsFree(TimelineState now, int found) =>
            Fits(now.Items[found], type) && (open is null || number < 0 || !open.Entries.ContainsValue(found))
            && (callId is null || now.Items[found] is not ToolCallItem { CallId.Current: { } own } || own == callId);
    }

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
