"""CUDA C++ of the fused kernels: what would otherwise be many launches is one.  Text only; cupy_kernels.py runs it.

Two kinds.  ELEMENTWISE: inputs, outputs and what to do for each element; CuPy adds the loop, strides and broadcasting.
ROWS: whole kernels, in which a block of threads adds up a row of numbers (always in the same order, so results repeat).

parity_tests/test_cuda_source.py compiles both kinds with the machine's C++ compiler, runs blocks of threads as threads of
the host, and compares with torch: the mathematics and the synchronisation are tested where there is no GPU.
The random numbers' kernels are in philox_source.py, and join the row kernels here.
"""

from . import philox_source

ELEMENTWISE = {
    # ---- activations ----------------------------------------------------------------------------------------------------
    "sigmoid": ("T x", "T y", "y = 1 / (1 + exp(-x))"),
    "sigmoid_slope": ("T g, T y", "T dx", "dx = g * (1 - y) * y"),
    "tanh_slope": ("T g, T y", "T dx", "dx = g * (1 - y * y)"),
    "relu_slope": ("T g, T y", "T dx", "dx = y <= 0 ? T(0) : g"),
    "silu": ("T x", "T y", "y = x / (1 + exp(-x))"),
    "silu_slope": ("T g, T x", "T dx", "T s = 1 / (1 + exp(-x)); dx = g * s * (1 + x * (1 - s))"),
    "softplus": (
        "T x, T beta, T threshold", "T y", "T z = x * beta; y = z > threshold ? x : T(log1p(exp(z))) / beta"),
    "softplus_slope": (
        "T g, T x, T beta, T threshold", "T dx", "T z = x * beta; dx = z > threshold ? g : g / (1 + exp(-z))"),
    "log_sigmoid": ("T x", "T y", "y = (x < 0 ? x : T(0)) - log1p(exp(-abs(x)))"),
    "log_sigmoid_slope": (
        "T g, T x", "T dx", "T e = exp(-abs(x)); dx = g * (x < 0 ? 1 / (1 + e) : e / (1 + e))"),
    "mish": ("T x", "T y", "T s = x > 20 ? x : T(log1p(exp(x))); y = x * tanh(s)"),
    "mish_slope": (
        "T g, T x", "T dx",
        "T t = tanh(x > 20 ? x : T(log1p(exp(x)))); dx = g * (t + x * (1 - t * t) / (1 + exp(-x)))"),
    "gelu": ("T x", "T y", "y = T(0.5) * x * (1 + erf(x * T(0.70710678118654752440)))"),
    "gelu_slope": (
        "T g, T x", "T dx",
        "T below = T(0.5) * (1 + erf(x * T(0.70710678118654752440)));"
        "dx = g * (below + x * T(0.39894228040143267794) * exp(T(-0.5) * x * x))"),
    "gelu_tanh": (
        "T x", "T y", "y = T(0.5) * x * (1 + tanh(T(0.79788456080286535588) * (x + T(0.044715) * x * x * x)))"),
    "gelu_tanh_slope": (
        "T g, T x", "T dx",
        "T t = tanh(T(0.79788456080286535588) * (x + T(0.044715) * x * x * x));"
        "T inner = T(0.79788456080286535588) * (1 + 3 * T(0.044715) * x * x);"
        "dx = g * (T(0.5) * (1 + t) + T(0.5) * x * (1 - t * t) * inner)"),
    "elu": (
        "T x, T alpha, T scale, T inner", "T y", "y = x > 0 ? scale * x : scale * alpha * T(expm1(inner * x))"),
    "elu_slope": (
        "T g, T x, T alpha, T scale, T inner", "T dx",
        "dx = x <= 0 ? g * scale * alpha * inner * exp(inner * x) : g * scale"),
    # ---- losses ---------------------------------------------------------------------------------------------------------
    "mse_slope": ("T g, T x, T target, T share", "T dx", "dx = 2 * share * (x - target) * g"),
    "logits_slope": (
        "T g, T x, T target, T share", "T dx", "dx = g * share * (1 / (1 + exp(-x)) - target)"),
    "nll_slope": (  # one element of (N, C, S): its class c, and the target of its row
        "T g, T total, int64 target, int64 c, T weight, int64 ignored, bool mean", "T dx",
        "dx = c == target && target != ignored ? -weight * (mean ? g / total : g) : T(0)"),
}  # fmt: skip

ROWS = r"""
// THREADS, a power of two, is defined by whoever compiles this.
#define EACH(i, n) for (long long i = threadIdx.x; i < (n); i += THREADS)

// The sum of every thread's value, known to all of them; `part` is shared memory.
template <typename T>
__device__ T added(T value, T* part) {
    const int t = threadIdx.x;
    __syncthreads();
    part[t] = value;
    for (int half = THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (t < half) part[t] += part[t + half];
    }
    __syncthreads();
    return part[0];
}

// The largest of every thread's value; nan if there is one.
template <typename T>
__device__ T largest(T value, T* part) {
    const int t = threadIdx.x;
    __syncthreads();
    part[t] = value;
    for (int half = THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (t < half && (part[t + half] > part[t] || part[t + half] != part[t + half])) part[t] = part[t + half];
    }
    __syncthreads();
    return part[0];
}

// ---- softmax: a block for each row of n ---------------------------------------------------------------------------------

template <typename T, bool LOGARITHM>
__device__ void softmax_rows(const T* x, T* y, long long n) {
    __shared__ T part[THREADS];
    x += blockIdx.x * n; y += blockIdx.x * n;
    T top = x[0], sum = 0;
    EACH(i, n) top = (x[i] > top || x[i] != x[i]) ? x[i] : top;
    top = largest(top, part);
    EACH(i, n) sum += exp(x[i] - top);
    sum = added(sum, part);
    const T log_sum = log(sum);
    EACH(i, n) y[i] = LOGARITHM ? x[i] - top - log_sum : exp(x[i] - top) / sum;
}

// softmax: dx = (g - sum(g y)) y;  its logarithm: dx = g - e^y sum(g)
template <typename T, bool LOGARITHM>
__device__ void softmax_slopes(const T* g, const T* y, T* dx, long long n) {
    __shared__ T part[THREADS];
    g += blockIdx.x * n; y += blockIdx.x * n; dx += blockIdx.x * n;
    T sum = 0;
    EACH(i, n) sum += LOGARITHM ? g[i] : g[i] * y[i];
    sum = added(sum, part);
    EACH(i, n) dx[i] = LOGARITHM ? g[i] - exp(y[i]) * sum : (g[i] - sum) * y[i];
}

// ---- normalisation ------------------------------------------------------------------------------------------------------
// Memory is (.., C, S): element i has the parameters of channel (i / S) % C.  Statistics are of n elements each: of one
// channel (BY_CHANNEL: batch norm), or of n neighbours (layer norm, where C = n and S = 1, and group norm).

template <bool BY_CHANNEL>
__device__ long long element(long long statistic, long long k, long long n, long long C, long long S) {
    return BY_CHANNEL ? (k / S * C + statistic) * S + k % S : statistic * n + k;
}

template <typename T, bool BY_CHANNEL>
__device__ void normalize(const T* x, const T* weight, const T* bias, T* y, T* mean, T* rstd, long long n, long long C,
                          long long S, double eps) {
    __shared__ T part[THREADS];
    const long long b = blockIdx.x;
    T sum = 0, square = 0;
    EACH(k, n) sum += x[element<BY_CHANNEL>(b, k, n, C, S)];
    const T middle = added(sum, part) / n;
    EACH(k, n) {
        const T away = x[element<BY_CHANNEL>(b, k, n, C, S)] - middle;
        square += away * away;
    }
    const T scale = 1 / sqrt(added(square, part) / n + T(eps));
    EACH(k, n) {
        const long long i = element<BY_CHANNEL>(b, k, n, C, S), c = i / S % C;
        y[i] = (x[i] - middle) * scale * (weight ? weight[c] : T(1)) + (bias ? bias[c] : T(0));
    }
    if (threadIdx.x == 0) { mean[b] = middle; rstd[b] = scale; }
}

// dx = rstd (gw - mean(gw) - z mean(gw z)), where z is x standardised and gw = g weight
template <typename T, bool BY_CHANNEL>
__device__ void normalize_slopes(const T* g, const T* x, const T* weight, const T* mean, const T* rstd, T* dx,
                                 long long n, long long C, long long S) {
    __shared__ T part[THREADS];
    const long long b = blockIdx.x;
    T sum = 0, along = 0;
    EACH(k, n) {
        const long long i = element<BY_CHANNEL>(b, k, n, C, S);
        const T gw = g[i] * (weight ? weight[i / S % C] : T(1));
        sum += gw;
        along += gw * (x[i] - mean[b]) * rstd[b];
    }
    sum = added(sum, part) / n;
    along = added(along, part) / n;
    EACH(k, n) {
        const long long i = element<BY_CHANNEL>(b, k, n, C, S);
        const T gw = g[i] * (weight ? weight[i / S % C] : T(1));
        dx[i] = rstd[b] * (gw - sum - (x[i] - mean[b]) * rstd[b] * along);
    }
}

// A block for each channel, with m elements: d weight = sum(g z), d bias = sum(g)
template <typename T, bool BY_CHANNEL>
__device__ void normalize_parameters(const T* g, const T* x, const T* mean, const T* rstd, T* dweight, T* dbias,
                                     long long n, long long C, long long S, long long m) {
    __shared__ T part[THREADS];
    const long long c = blockIdx.x;
    T along = 0, sum = 0;
    EACH(k, m) {
        const long long i = element<true>(c, k, m, C, S), b = BY_CHANNEL ? c : i / n;
        along += g[i] * (x[i] - mean[b]) * rstd[b];
        sum += g[i];
    }
    along = added(along, part);
    sum = added(sum, part);
    if (threadIdx.x == 0) { dweight[c] = along; dbias[c] = sum; }
}

// ---- losses -------------------------------------------------------------------------------------------------------------
// -weight[y] x[y] of `rows` rows; memory is (N, C, S).  One block adds all up; a class that does not exist gives nan.

template <typename T>
__device__ void nll(const T* x, const long long* target, const T* weight, T* out, T* total, long long rows, long long C,
                    long long S, long long ignored, int reduction) {
    __shared__ T part[THREADS];
    T sum = 0, weights = 0;
    EACH(r, rows) {
        const long long y = target[r];
        const bool kept = y != ignored, exists = 0 <= y && y < C;
        const T w = !kept ? T(0) : !exists ? T(nan("")) : weight ? weight[y] : T(1);
        const T loss = kept && exists ? -w * x[(r / S * C + y) * S + r % S] : w;
        if (reduction == 0) out[r] = loss;
        sum += loss;
        weights += w;
    }
    sum = added(sum, part);
    weights = added(weights, part);
    if (threadIdx.x == 0) {
        if (reduction != 0) out[0] = reduction == 1 ? sum / weights : sum;
        total[0] = reduction == 0 ? T(0) : weights;
    }
}

// The mean (or with share = 1 the sum) of (x - target)^2.
template <typename T>
__device__ void mse(const T* x, const T* target, T* out, long long n, double share) {
    __shared__ T part[THREADS];
    T sum = 0;
    EACH(i, n) sum += (x[i] - target[i]) * (x[i] - target[i]);
    sum = added(sum, part);
    if (threadIdx.x == 0) out[0] = sum * T(share);
}

// ---- indices: `wrong` becomes the first one outside [low, high) that is not `but`; the least number if none is -----------

template <typename T>
__device__ void outside(const long long* index, long long* wrong, long long n, long long low, long long high,
                        long long but) {
    __shared__ long long part[THREADS];
    const int t = threadIdx.x;
    part[t] = n;
    EACH(i, n) if (part[t] == n && (index[i] < low || index[i] >= high) && index[i] != but) part[t] = i;
    for (int half = THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (t < half && part[t + half] < part[t]) part[t] = part[t + half];
    }
    if (t == 0) wrong[0] = part[0] < n ? index[part[0]] : -9223372036854775807LL - 1;
}

// ---- max pooling: where in its plane (H, W) the largest element of each window of kh x kw is ------------------------------
// The first of several; of several nan the last.  Windows beyond the plane are cut off.

template <typename T>
__device__ void largest_in_windows(const T* x, long long* index, long long n, long long H, long long W, long long rows,
                                   long long columns, int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw) {
    for (long long i = blockIdx.x * (long long)THREADS + threadIdx.x; i < n; i += (long long)gridDim.x * THREADS) {
        const T* plane = x + i / (rows * columns) * H * W;
        const long long top = i / columns % rows * sh - ph, left = i % columns * sw - pw;
        long long best = -1;
        for (int a = 0; a < kh; a++)
            for (int b = 0; b < kw; b++) {
                const long long r = top + a * dh, c = left + b * dw;
                if (r < 0 || r >= H || c < 0 || c >= W) continue;
                const T value = plane[r * W + c];
                if (best < 0 || value > plane[best] || value != value) best = r * W + c;
            }
        index[i] = best;
    }
}

// ---- optimisers: blockIdx.y says which parameter, blocks in x share its elements -------------------------------------------

#define PARAMETERS 64
struct Pointers { void* at[4][PARAMETERS]; long long size[PARAMETERS]; };  // parameter, gradient, first and second state
#define OF(k) ((T*)all.at[k][blockIdx.y])
#define EACH_ELEMENT(i) \
    for (long long i = blockIdx.x * (long long)THREADS + threadIdx.x; i < all.size[blockIdx.y]; \
         i += (long long)gridDim.x * THREADS)

template <typename T>
__device__ void sgd(const Pointers& all, double lr, double momentum, double take, double decay, int nesterov) {
    T *p = OF(0), *g = OF(1), *b = OF(2);
    EACH_ELEMENT(i) {
        T d = g[i] + T(decay) * p[i];
        if (b) {
            b[i] = T(momentum) * b[i] + T(take) * d;
            d = nesterov ? d + T(momentum) * b[i] : b[i];
        }
        p[i] -= T(lr) * d;
    }
}

// `first` and `second` are 1 - beta^step
template <typename T>
__device__ void adam(const Pointers& all, double lr, double beta1, double beta2, double eps, double decay, double first,
                     double second, int decoupled) {
    T *p = OF(0), *g = OF(1), *m = OF(2), *v = OF(3);
    EACH_ELEMENT(i) {
        T d = g[i];
        if (decoupled) p[i] *= T(1 - lr * decay); else d += T(decay) * p[i];
        m[i] += T(1 - beta1) * (d - m[i]);
        v[i] = T(beta2) * v[i] + T(1 - beta2) * d * d;
        p[i] -= T(lr / first) * m[i] / (T(sqrt(v[i])) / T(sqrt(second)) + T(eps));
    }
}

// Without a momentum, `b` is null.
template <typename T>
__device__ void rmsprop(const Pointers& all, double lr, double alpha, double eps, double decay, double momentum) {
    T *p = OF(0), *g = OF(1), *v = OF(2), *b = OF(3);
    EACH_ELEMENT(i) {
        const T d = g[i] + T(decay) * p[i];
        v[i] = T(alpha) * v[i] + T(1 - alpha) * d * d;
        const T step = d / (T(sqrt(v[i])) + T(eps));
        if (b) b[i] = T(momentum) * b[i] + step;
        p[i] -= T(lr) * (b ? b[i] : step);
    }
}
"""


def kernel(name, call, parameters):
    """The two instances of a kernel: `call` with T for the type."""
    lines = []
    for letter, kind in (("f", "float"), ("d", "double")):
        takes = ", ".join(parameters).replace("T*", kind + "*")
        names = ", ".join(p.split()[-1].lstrip("*&") for p in parameters)
        lines.append(f'extern "C" __global__ void {name}_{letter}({takes}) {{ {call.replace("<T", "<" + kind)}({names}); }}')
    return lines


_NORM = ["long long n", "long long C", "long long S"]
INSTANCES = {  # kernel -> (the template's instance, parameters)
    "softmax": ("softmax_rows<T, false>", ["const T* x", "T* y", "long long n"]),
    "log_softmax": ("softmax_rows<T, true>", ["const T* x", "T* y", "long long n"]),
    "softmax_slope": ("softmax_slopes<T, false>", ["const T* g", "const T* y", "T* dx", "long long n"]),
    "log_softmax_slope": ("softmax_slopes<T, true>", ["const T* g", "const T* y", "T* dx", "long long n"]),
    "nll": ("nll<T>", ["const T* x", "const long long* target", "const T* weight", "T* out", "T* total",
                       "long long rows", "long long C", "long long S", "long long ignored", "int reduction"]),
    "mse": ("mse<T>", ["const T* x", "const T* target", "T* out", "long long n", "double share"]),
    "outside": ("outside<T>", ["const long long* index", "long long* wrong", "long long n", "long long low",
                               "long long high", "long long but"]),
    "largest_in_windows": ("largest_in_windows<T>", [
        "const T* x", "long long* index", "long long n", "long long H", "long long W", "long long rows",
        "long long columns", *(f"int {name}" for name in ("kh", "kw", "sh", "sw", "ph", "pw", "dh", "dw"))]),
    "sgd": ("sgd<T>", ["Pointers all", "double lr", "double momentum", "double take", "double decay", "int nesterov"]),
    "adam": ("adam<T>", ["Pointers all", "double lr", "double beta1", "double beta2", "double eps", "double decay",
                         "double first", "double second", "int decoupled"]),
    "rmsprop": ("rmsprop<T>", ["Pointers all", "double lr", "double alpha", "double eps", "double decay",
                               "double momentum"]),
}  # fmt: skip
for _which, _by in (("channels", "true"), ("neighbours", "false")):
    INSTANCES |= {
        f"normalize_{_which}": (f"normalize<T, {_by}>", [
            "const T* x", "const T* weight", "const T* bias", "T* y", "T* mean", "T* rstd", *_NORM, "double eps"]),
        f"normalize_{_which}_slope": (f"normalize_slopes<T, {_by}>", [
            "const T* g", "const T* x", "const T* weight", "const T* mean", "const T* rstd", "T* dx", *_NORM]),
        f"normalize_{_which}_parameters": (f"normalize_parameters<T, {_by}>", [
            "const T* g", "const T* x", "const T* mean", "const T* rstd", "T* dweight", "T* dbias", *_NORM,
            "long long m"]),
    }  # fmt: skip
INSTANCES |= philox_source.INSTANCES
THREADS = 256


def source(threads=THREADS):
    """The whole of ROWS and of the random numbers, with their instances."""
    lines = [line for name, (call, parameters) in INSTANCES.items() for line in kernel(name, call, parameters)]
    return f"#define THREADS {threads}\n" + ROWS + philox_source.PHILOX + "\n".join(lines)
