namespace Copilot.Web.Sessions.Importing;

/// <summary>Why a file is not read.</summary>
public enum ImportRefusal
{
    /// <summary>The person supervises nothing (any more).</summary>
    NotAllowed,

    /// <summary>It is called otherwise than what is opened here.</summary>
    OtherKind,

    /// <summary>It is larger than <c>Limits:ImportBytes</c>, or than it said.</summary>
    TooLarge,

    /// <summary>So much is open that there is no room for it now.</summary>
    NoRoom,
}
