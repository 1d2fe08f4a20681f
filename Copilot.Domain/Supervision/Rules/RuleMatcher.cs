using System.Text.RegularExpressions;

namespace Copilot.Domain.Supervision.Rules;

/// <summary>
/// Prepares the regular expression of a rule: whether a text matches it, which throws <see cref="RegexMatchTimeoutException"/> where that
/// takes too long. Null where the pattern cannot be used. <see cref="RulePattern.Matcher"/> is the product's.
/// </summary>
/// <param name="pattern">The pattern, as somebody wrote it.</param>
public delegate Predicate<string>? RuleMatcher(string pattern);
