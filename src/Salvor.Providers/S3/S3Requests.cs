using Salvor.Errors;

namespace Salvor.Providers.S3;

/// <summary>Runs the SDK's calls: each with a deadline, and its failures translated at this edge.</summary>
internal sealed class S3Requests(string location, TimeSpan timeout, TimeProvider time)
{
    /// <param name="verb">What is tried, as in "put a/b into"; the store's name follows.</param>
    /// <param name="call">The call, with all of its answer's body.</param>
    /// <param name="ct">The caller's own wish to end, which stays an <see cref="OperationCanceledException"/>.</param>
    public async Task<T> RunAsync<T>(string verb, Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            return await call(linked.Token);
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            throw new OperationCanceledException(ct);
        }
        catch (Exception e) when (deadline.IsCancellationRequested && CallFailure.IsExpected(e))
        {
            var message = $"Cannot {verb} {location}: no answer within {timeout.TotalSeconds:0} s.";
            throw new SalvorException(ErrorCode.StoreUnreachable, message, e)
            {
                IsTransient = true,
                Hint = "The service or the way to it is too slow; it usually passes.",
            };
        }
        catch (Exception e) when (CallFailure.IsExpected(e))
        {
            throw S3Failure.From(e, verb, location);
        }
    }
}
