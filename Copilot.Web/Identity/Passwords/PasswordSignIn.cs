using Copilot.Web.Identity.Administration;
using Copilot.Web.Security;
using Microsoft.AspNetCore.Identity;

namespace Copilot.Web.Identity.Passwords;

/// <summary>
/// Signs people in with user name and password. Every failure gets the same answer after the same time, so that it does not reveal which
/// accounts exist: the hash is computed before anything is decided, and the answer waits for <see cref="FailurePace"/>. Wrong passwords lock an account for a while, but not at an
/// address that its person has signed in from: nobody can shut out another. How often passwords can be tried at one address is
/// <see cref="WrongPasswords"/>' matter.
/// </summary>
internal sealed partial class PasswordSignIn(
    UserManager<CopilotUser> users,
    SignInManager<CopilotUser> signIn,
    SignIns signIns,
    WrongPasswords wrong,
    RequestLimits limits,
    FailurePace pace,
    TimeProvider time,
    IHttpContextAccessor contexts,
    ILogger<PasswordSignIn> logger)
{
    /// <summary>Longest user name and password, in characters.</summary>
    public const int MaxLength = 256;

    private static readonly CopilotUser s_dummyUser = new() { DisplayName = "", TeamId = "" };
    private static readonly string s_dummyHash = new PasswordHasher<CopilotUser>().HashPassword(s_dummyUser, Guid.NewGuid().ToString());

    /// <summary>Why nobody could sign in with these, as a sentence; null when they could.</summary>
    public static string? Problem(string userName, string password) =>
        userName.Length is 0 or > MaxLength || password.Length > MaxLength ? AccountText.TooLong(MaxLength) : null;

    /// <summary>Sets the cookie and returns true, or returns false after <see cref="FailurePace"/>.</summary>
    /// <exception cref="SignInBusyException">Too many passwords wait to be checked.</exception>
    public async Task<bool> TryAsync(string? userName, string? password, bool isPersistent, CancellationToken cancellationToken)
    {
        var begun = pace.Begin();
        if (await SignInAsync(userName, password, isPersistent, cancellationToken))
        {
            return true;
        }

        await pace.WaitAsync(begun, cancellationToken);
        return false;
    }

    private async Task<bool> SignInAsync(string? userName, string? password, bool isPersistent, CancellationToken cancellationToken)
    {
        if (userName is null or { Length: 0 or > MaxLength } || password is null or { Length: 0 or > MaxLength })
        {
            return false;
        }

        var user = await users.FindByNameAsync(userName);
        var isRight = await IsRightAsync(user, password, cancellationToken);
        if (user?.PasswordHash is null)
        {
            return false;
        }

        var place = contexts.HttpContext is { } context ? RequestLimits.AddressOf(context) : "";
        if (!wrong.TryNote(user.Id, place, isRight))
        {
            LogTooSoon(logger, user.Id);
            return false;
        }

        var isLocked = user.LockoutEnd >= PersonStore.Locked;
        var isLockedOut = user.LockoutEnd > time.GetUtcNow();
        if (!isRight && !isLockedOut)
        {
            await users.AccessFailedAsync(user);
        }

        if (!isRight || isLocked || (isLockedOut && !await IsKnownHereAsync(user.Id, cancellationToken)))
        {
            LogRefused(logger, user.Id, isLockedOut);
            return false;
        }

        if (!isLockedOut)
        {
            // A lock-out goes on for those who caused it.
            await users.ResetAccessFailedCountAsync(user);
        }

        await signIn.SignInAsync(user, isPersistent: isPersistent);
        LogSignedIn(logger, user.Id);
        return true;
    }

    private async Task<bool> IsRightAsync(CopilotUser? user, string password, CancellationToken cancellationToken)
    {
        using var place = await limits.TryCheckPasswordAsync(cancellationToken) ?? throw new SignInBusyException();
        if (user?.PasswordHash is null)
        {
            users.PasswordHasher.VerifyHashedPassword(s_dummyUser, s_dummyHash, password);
            return false;
        }

        return await users.CheckPasswordAsync(user, password);
    }

    private async Task<bool> IsKnownHereAsync(string userId, CancellationToken cancellationToken) =>
        CallerAddress.Of(contexts.HttpContext) is { } address && await signIns.IsKnownAddressAsync(userId, address, cancellationToken);

    [LoggerMessage(LogLevel.Warning, "Sign-in refused for {UserId} (locked out: {IsLockedOut})")]
    private static partial void LogRefused(ILogger logger, string userId, bool isLockedOut);

    [LoggerMessage(LogLevel.Warning, "Sign-in refused for {UserId}: too many wrong passwords from this address")]
    private static partial void LogTooSoon(ILogger logger, string userId);

    [LoggerMessage(LogLevel.Information, "{UserId} signed in")]
    private static partial void LogSignedIn(ILogger logger, string userId);
}
