using Microsoft.AspNetCore.Identity;

namespace Copilot.Web.Identity;

/// <summary>
/// Signs people in with user name and password. Every failure gets the same answer after about the same time, so that it does not reveal
/// which accounts exist.
/// </summary>
internal sealed partial class PasswordSignIn(
    UserManager<CopilotUser> users,
    SignInManager<CopilotUser> signIn,
    PersonStore people,
    ILogger<PasswordSignIn> logger)
{
    /// <summary>Longest user name and password, in characters.</summary>
    public const int MaxLength = 256;

    private static readonly CopilotUser s_dummyUser = new() { DisplayName = "", TeamId = "" };
    private static readonly string s_dummyHash = new PasswordHasher<CopilotUser>().HashPassword(s_dummyUser, Guid.NewGuid().ToString());

    /// <summary>Why nobody could sign in with these, as a sentence; null when they could.</summary>
    public static string? Problem(string userName, string password) =>
        userName.Length is 0 or > MaxLength || password.Length > MaxLength ? AccountText.TooLong(MaxLength) : null;

    /// <summary>Sets the cookie and returns true, or returns false.</summary>
    public async Task<bool> TryAsync(string? userName, string? password, bool isKept, CancellationToken cancellationToken)
    {
        if (userName is null or { Length: 0 or > MaxLength } || password is null or { Length: 0 or > MaxLength })
        {
            return false;
        }

        var user = await users.FindByNameAsync(userName);
        if (user?.PasswordHash is null)
        {
            users.PasswordHasher.VerifyHashedPassword(s_dummyUser, s_dummyHash, password);
            return false;
        }

        var result = await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (!result.Succeeded || await people.FindAsync(user.Id, cancellationToken) is not { IsLocked: false })
        {
            LogRefused(logger, user.Id, result.IsLockedOut);
            return false;
        }

        await signIn.SignInAsync(user, isPersistent: isKept);
        LogSignedIn(logger, user.Id);
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "Sign-in refused for {UserId} (locked out: {IsLockedOut})")]
    private static partial void LogRefused(ILogger logger, string userId, bool isLockedOut);

    [LoggerMessage(LogLevel.Information, "{UserId} signed in")]
    private static partial void LogSignedIn(ILogger logger, string userId);
}
