namespace Copilot.Domain.Audit;

/// <summary>An access could not be recorded, so it must not happen: nothing of it was shown.</summary>
/// <param name="innerException">Why.</param>
public sealed class AccessNotRecordedException(Exception innerException)
    : Exception("What others wrote is shown only when the access log can record it.", innerException);
