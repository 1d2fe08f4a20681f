namespace Copilot.Web.Storage.Search.Review;

/// <summary>Where a run stands in a list, and what is around it.</summary>
/// <param name="Place">Its place from 1; null where the list does not have it any more.</param>
/// <param name="Count">How many runs the list has, counted up to a limit.</param>
/// <param name="Unseen">How many of them the person has not opened, counted up to the same limit.</param>
/// <param name="Previous">The run before it, or null.</param>
/// <param name="Next">The run after it, or null.</param>
/// <param name="NextUnseen">The next one that the person has not opened: after it, else from the list's beginning; null where there is none.</param>
public sealed record RunPlace(int? Place, int Count, int Unseen, string? Previous, string? Next, string? NextUnseen);
