using Amazon.Runtime;

namespace Salvor.Providers;

/// <summary>What the adapters ask of an exception that a call of the SDK, or of a plain client, ended with.</summary>
internal static class CallFailure
{
    /// <summary>Whether it is one that such a call may end with.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is AmazonServiceException or AmazonClientException || IsBrokenLine(exception);

    /// <summary>Whether the service said anything at all.</summary>
    public static bool IsAnswer(AmazonServiceException e) => e.StatusCode != 0 || !string.IsNullOrEmpty(e.ErrorCode);

    /// <summary>Whether the connection broke or took too long.</summary>
    public static bool IsBrokenLine(Exception? e) =>
        e is HttpRequestException or IOException or OperationCanceledException or TimeoutException;

    /// <summary>The first of its kind in the exception and what is inside it; null when there is none.</summary>
    public static T? Find<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is T found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>A service's words on one line, without the full stop.</summary>
    public static string OneLine(string said) => string.Join(
        ' ', said.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .TrimEnd('.', ' ');
}
