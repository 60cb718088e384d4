require('http').createServer((request, response) => response.end('web')).listen(process.env.PORT || 3000)
