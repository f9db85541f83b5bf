using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class linalg
    {
        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) =>
            Aten.linalg_vector_norm.Call(input, ord, dims, keepdim);

        public static (Tensor, Tensor, Tensor) svd(Tensor input, bool fullMatrices = true) => Aten.linalg_svd.Call3(input, fullMatrices);

        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Aten.linalg_eigh.Call2(input, UPLO.ToString());
    }
}
