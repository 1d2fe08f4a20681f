namespace Copilot.Domain.Erasure;

/// <summary>Erases content of a conversation that is stored outside the log, such as its files.</summary>
public interface ISessionEraser
{
    /// <summary>Removes it for good. Repeating it changes nothing. Throws on failure; it is then tried again.</summary>
    Task EraseAsync(string sessionId, CancellationToken cancellationToken);
}
