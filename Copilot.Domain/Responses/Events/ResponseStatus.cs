namespace Copilot.Domain.Responses.Events;

/// <summary>The API's response <c>status</c>.</summary>
public enum ResponseStatus
{
    /// <summary>Accepted, not begun.</summary>
    Queued,

    /// <summary>Being generated.</summary>
    InProgress,

    /// <summary>Ended as asked. A response that calls tools also ends so.</summary>
    Completed,

    /// <summary>Ended early; see <see cref="ResponseSnapshot.IncompleteReason"/>.</summary>
    Incomplete,

    /// <summary>Ended with <see cref="ResponseSnapshot.Error"/>.</summary>
    Failed,

    /// <summary>Cancelled upstream (background responses only).</summary>
    Cancelled,
}
