using Salvor.Repository;
using Salvor.Repository.Keys;

namespace Salvor.Tests.Support;

/// <summary>Keys of a repository that only this test knows.</summary>
internal static class TestRepository
{
    public static ObjectSealer Sealer(int seed = 1)
    {
        var entropy = new SeededEntropy(seed);
        return new ObjectSealer(RepositoryId.New(entropy), RepositoryKey.New(entropy), entropy);
    }
}
