namespace Copilot.Web.Identity;

/// <summary>Texts of the account pages and their forms.</summary>
internal static class AccountText
{
    public const string SignIn = "Sign in";
    public const string SignOut = "Sign out";
    public const string SetUp = "Set up";
    public const string UserName = "User name";
    public const string Password = "Password";
    public const string Welcome = "Welcome back.";

    public const string TryDemo = "Try the demo";
    public const string DemoDetails = "Everything runs on this machine, with sample data. Choose an account to continue.";
    public const string DemoAccounts = "Demo accounts";
    public const string OtherAccounts = "Other accounts";
    public const string OrPassword = "or with a password";

    public const string SignOutQuestion = "Sign out?";
    public const string SignOutDetails = "Runs in progress continue. You will see them when you come back.";
    public const string Stay = "Stay signed in";
    public const string Busy = "Too many people sign in now. Try again in a few seconds.";
    public const string NotSaved = "Signing in is not possible now, because the database cannot be written. Try again in a moment.";

    public const string Denied = "Access denied";
    public const string DeniedDetails = "You don't have access to this page";
    public const string DeniedForGuest = "Sign in with an account that has access. Nothing was changed.";
    public const string BackToConversations = "Back to your conversations";
    public const string SignInAsAnother = "Sign in with another account";

    public const string FirstAdmin = "Create the first admin";
    public const string FirstAdminDetails = "This account can see everything and give others access. The link works once.";
    public const string YourName = "Your name";
    public const string PasswordAgain = "Password again";
    public const string CreateAccount = "Create account";
    public const string LinkExpired = "This link has expired";
    public const string LinkExpiredDetails =
        "A setup link works once, and only until the server stops. As long as there is no admin, the server prints a new link to its console at each start.";

    public const string Join = "Create your account";
    public const string InvitationUnknown = "This link doesn't work";
    public const string InvitationUnknownDetails = "It is incomplete, or the invitation was withdrawn. Ask the person who sent it for a new one.";
    public const string InvitationUsed = "This link has been used";
    public const string InvitationUsedDetails = "An invitation works once, and this one has been accepted. If that was you, sign in; if not, tell the person who sent it.";
    public const string InvitationExpired = "This link has expired";
    public const string InvitationExpiredDetails = "The time of this invitation is over. Ask the person who sent it for a new one.";

    public const string FormExpired = "This form has expired. Go back, reload the page and try again.";
    public const string PasswordsDiffer = "The two passwords don't match.";
    public const string NoSuchPerson = "There is no such person.";

    /// <summary>The title of a page in the browser.</summary>
    public static string PageTitle(string title) => $"{title} · Copilot";

    /// <summary>A demo account by its role.</summary>
    public static string ContinueAs(string role) => $"Continue as {role.ToLowerInvariant()}";

    /// <summary>A signed-in person has no access to a page.</summary>
    public static string DeniedFor(string name) => $"You are signed in as {name}. Nothing was changed.";

    /// <summary>What a password must be.</summary>
    public static string PasswordRule(int minLength) => $"At least {minLength} characters. A few words work well.";

    /// <summary>A user name or a password that the sign-in would not take.</summary>
    public static string TooLong(int limit) => $"A user name has 1 to {limit} characters, and a password at most {limit}.";

    /// <summary>An invitation greets the person it is for.</summary>
    public static string Invited(string name) => $"Welcome, {name}. Choose how you will sign in. The link works once.";

    /// <summary>A password was wrong, or too many were. The lock does not hold where the person has signed in before.</summary>
    public static string SignInFailed(int attempts, TimeSpan lockOut) =>
        $"The user name or password is incorrect, or the account is locked. After {attempts} wrong passwords an account is locked for {lockOut.TotalMinutes} minutes, except where it was used before.";
}
