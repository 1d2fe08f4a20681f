namespace Copilot.Web.Identity.Passwords;

/// <summary>So many passwords wait to be checked that one more is refused; it passes within seconds.</summary>
internal sealed class SignInBusyException() : Exception("Too many passwords wait to be checked.");
