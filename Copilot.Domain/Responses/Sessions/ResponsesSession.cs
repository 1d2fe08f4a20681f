using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Domain.Responses.Sessions;

/// <summary>
/// What one run has already sent to its upstream. It decides whether the next request may be a delta. One per run; not thread-safe,
/// because only the run's own loop uses it.
/// </summary>
/// <remarks>
/// A delta is sent only when (a) the same transport's last response completed and has an id, (b) every field except the input is
/// unchanged, and (c) the full input begins with the last input and the last output. Over HTTP the upstream must store, too.
/// Call <see cref="Plan"/>, then exactly one of <see cref="Completed"/> and <see cref="Failed"/>.
/// </remarks>
public sealed class ResponsesSession
{
    private WrittenSettings? _written;
    private Attempt? _planned;
    private Parent? _parent;

    /// <summary>Plans the next request.</summary>
    /// <param name="transport">The transport that will carry it.</param>
    /// <param name="settings">Everything except the input.</param>
    /// <param name="fullInput">The whole conversation, rebuilt from the log.</param>
    public ResponsePlan Plan(IResponsesTransport transport, ResponseSettings settings, IReadOnlyList<InputItem> fullInput) =>
        Plan(transport, settings, fullInput, warmUp: false);

    /// <summary>The length of a request that carries all of an input, in bytes, as that kind of transport would send it. Nothing is planned.</summary>
    public long Measure(TransportKind kind, ResponseSettings settings, IReadOnlyList<InputItem> input)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(input);
        return RequestWriter.Prepare(new ResponseRequest { Settings = settings, Input = input }, kind, Written(settings)).Length;
    }

    /// <summary>Plans a warm-up, which makes the upstream read instructions, tools and input without answering. WebSocket only.</summary>
    public ResponsePlan PlanWarmUp(IResponsesTransport transport, ResponseSettings settings, IReadOnlyList<InputItem> fullInput)
    {
        ArgumentNullException.ThrowIfNull(transport);
        if (transport.Kind != TransportKind.WebSocket)
        {
            throw new ArgumentException("A warm-up needs a WebSocket: over HTTP it would be answered.", nameof(transport));
        }

        return Plan(transport, settings, fullInput, warmUp: true);
    }

    /// <summary>The planned response completed.</summary>
    /// <param name="responseId">Its id.</param>
    /// <param name="outputItems">Its output as input items (<see cref="OutputToInput"/>), in order; the full input must continue with them.</param>
    public void Completed(string responseId, IReadOnlyList<InputItem> outputItems)
    {
        ArgumentException.ThrowIfNullOrEmpty(responseId);
        ArgumentNullException.ThrowIfNull(outputItems);
        var attempt = _planned ?? throw new InvalidOperationException("No request was planned.");
        _planned = null;
        _parent = new Parent(attempt, responseId, [.. attempt.Input, .. outputItems]);
    }

    /// <summary>
    /// The planned response did not complete: it failed, ended early, was cancelled or its outcome is not known. The upstream discards
    /// the parent of a failed continuation, so the next request is full.
    /// </summary>
    public void Failed()
    {
        _planned = null;
        _parent = null;
    }

    private ResponsePlan Plan(IResponsesTransport transport, ResponseSettings settings, IReadOnlyList<InputItem> fullInput, bool warmUp)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(fullInput);

        if (_planned is not null)
        {
            // A plan without a reported end may have been sent.
            Failed();
        }

        var attempt = new Attempt(transport, settings.Store, warmUp ? RequestWriter.WriteSettings(settings) : Written(settings), [.. fullInput]);
        var parent = _parent is { } last && last.IsContinuedBy(attempt) ? last : null;
        var request = new ResponseRequest
        {
            Settings = settings,
            Input = parent is null ? InputWindow.Of(attempt.Input) : attempt.Input[parent.Items.Length..],
            PreviousResponseId = parent?.ResponseId,
            WarmUp = warmUp,
        };
        _planned = attempt;
        return new ResponsePlan
        {
            Prepared = RequestWriter.Prepare(request, transport.Kind, attempt.Settings),
            Mode = parent is null ? SendMode.Full : SendMode.Delta,
        };
    }

    /// <summary>
    /// The settings as JSON, written anew only when they are other ones. Not for a warm-up: it has settings of its own and is planned
    /// while a run that waits for it may measure already.
    /// </summary>
    private ReadOnlyMemory<byte> Written(ResponseSettings settings)
    {
        if (_written is not { } last || !ReferenceEquals(last.Settings, settings))
        {
            _written = last = new WrittenSettings(settings, RequestWriter.WriteSettings(settings));
        }

        return last.Json;
    }

    private sealed record WrittenSettings(ResponseSettings Settings, ReadOnlyMemory<byte> Json);

    private sealed record Attempt(IResponsesTransport Transport, bool Store, ReadOnlyMemory<byte> Settings, InputItem[] Input)
    {
        // An upstream that does not store loses a response when its socket closes, and HTTP has none.
        public bool CanContinue => Transport.Kind == TransportKind.WebSocket || Store;
    }

    private sealed record Parent(Attempt Attempt, string ResponseId, InputItem[] Items)
    {
        public bool IsContinuedBy(Attempt next)
        {
            if (!ReferenceEquals(Attempt.Transport, next.Transport) || next.Transport.Ended.IsCompleted || !next.CanContinue
                || !Attempt.Settings.Span.SequenceEqual(next.Settings.Span) || next.Input.Length < Items.Length)
            {
                return false;
            }

            for (var i = 0; i < Items.Length; i++)
            {
                if (!Items[i].IsSame(next.Input[i]))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
