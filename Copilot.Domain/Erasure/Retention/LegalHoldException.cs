namespace Copilot.Domain.Erasure.Retention;

/// <summary>A conversation cannot be erased because of a legal hold. The message is a sentence for people; it does not say why it was set.</summary>
public sealed class LegalHoldException : Exception
{
    /// <summary>What people are told.</summary>
    public const string Sentence = "This conversation is under a legal hold, so it can't be deleted. Ask an administrator.";

    /// <summary>With <see cref="Sentence"/>.</summary>
    public LegalHoldException()
        : base(Sentence)
    {
    }
}
