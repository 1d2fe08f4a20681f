using Copilot.Domain.Responses;
using System.Buffers;
using System.Text.Json;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Runs.Events;

/// <summary>An event before it has its number.</summary>
internal sealed record RunEventDraft
{
    public required DateTimeOffset At { get; init; }

    public required EventSource Source { get; init; }

    public EventActor? Actor { get; init; }

    public required string Type { get; init; }

    public required ReadOnlyMemory<byte> Data { get; init; }

    public string? ResponseId { get; init; }

    public string? CallId { get; init; }

    public ResponseEvent? Upstream { get; init; }
}
