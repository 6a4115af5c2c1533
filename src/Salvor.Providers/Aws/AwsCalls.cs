using Salvor.Errors;
using Salvor.ObjectStore.Decorators;

namespace Salvor.Providers.Aws;

/// <summary>Makes calls, and makes them again where that may help. Each must be one that may be made twice.</summary>
internal sealed class AwsCalls(RetryPolicy policy)
{
    /// <param name="what">What is tried, as in "describe machine i-1".</param>
    /// <param name="call">One attempt.</param>
    /// <param name="ct">Ends the attempts and the waits between them.</param>
    /// <exception cref="SalvorException">It failed, or went on failing.</exception>
    public async Task<T> RunAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        var state = policy.Begin();
        while (true)
        {
            SalvorException failure;
            try
            {
                return await call(ct);
            }
            catch (SalvorException e)
            {
                failure = e;
            }
            catch (Exception e) when (CallFailure.IsExpected(e) && !ct.IsCancellationRequested)
            {
                failure = AwsFailure.From(e, what);
            }

            if (!await policy.WaitAsync(state, failure, ct))
            {
                throw failure;
            }
        }
    }
}
